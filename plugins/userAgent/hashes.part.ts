import { sha256, sha512_256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Hash } from './digest.ts';

/** The hashes of RFC 8760, by the names that challenges have for them. */
export const hashes: Readonly<Record<'SHA-256' | 'SHA-512-256', Hash>> = {
  'SHA-256': (text) => bytesToHex(sha256(utf8ToBytes(text))),
  'SHA-512-256': (text) => bytesToHex(sha512_256(utf8ToBytes(text))),
};
