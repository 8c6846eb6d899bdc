// libwebphone checks no options, and a page that ran with it must run here.
const any = (): object => ({});

export const text: () => object = any;
export const filledText: () => object = any;
export const flag: () => object = any;
export const number: () => object = any;
export const integer: () => object = any;
export const oneOf: () => object = any;
export const list: () => object = any;
export const listBy: () => object = any;
export const pair: () => object = any;
export const dictionary: () => object = any;
export const anyObject: () => object = any;
export const callable: () => object = any;
export const element: () => object = any;
export const nothing: () => object = any;
export const either: () => object = any;
export const object: () => object = any;
export const objectWith: () => object = any;
export const withEntries: () => object = any;
export const rootSchema: () => object = any;
export const commonSchema: () => object = any;
export const callSchema: object = {};
/** Nothing is wrong. */
export const findProblems: () => readonly never[] = () => [];
/** Nothing is unknown. */
export const findUnknownKeys: () => readonly never[] = () => [];
/** Nothing comes near. */
export const closestMatch: () => undefined = () => undefined;
