import { findPhoneNumbersInText, isSupportedCountry, parseDigits } from 'libphonenumber-js/max';
import type { PhoneNumber } from 'libphonenumber-js/max';
import type { MarkedNumber } from './marks.ts';

/** A text longer than this is data and no prose; it would hold the page up. In UTF-16 units. */
export const longestText = 2000;

/** Gives what finds the numbers in a text; those without + are of this country, if it is one. */
export function finder(country: string): (text: string) => readonly MarkedNumber[] {
  const options = isSupportedCountry(country) ? { defaultCountry: country } : {};
  return (text) => {
    // Most texts have no five digits, and are done with here.
    if (text.length > longestText || !/(?:\p{Nd}\P{Nd}*){5}/u.test(text)) return [];
    // "030 123456, 030 654321" are two numbers; the library would take the 030 behind the comma for an extension.
    return findPhoneNumbersInText(text.replace(/[,;]/g, '|'), options)
      .filter((each) => isComplete(each.number, text.slice(each.startsAt, each.endsAt)))
      .map(({ number, startsAt, endsAt }) => ({ startsAt, endsAt, address: number.getURI() }));
  };
}

/**
 * Whether all is there that a call from anywhere in the country needs. The library takes 123456 for a German
 * number without its 0, which a number of the neighbourhood and a date such as 2024-05-06 are not.
 */
function isComplete(number: PhoneNumber, written: string): boolean {
  const { countryCallingCode, nationalNumber } = number;
  const ways = [countryCallingCode + nationalNumber, parseDigits(number.formatNational())];
  // The 0 in +49 (0)30 is dialled in the country only.
  return (
    /^[^\p{Nd}]*[+＋]/u.test(written) || ways.some((way) => parseDigits(written).includes(way))
  );
}
