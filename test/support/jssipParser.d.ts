/** JsSIP's parser; it ships without types. */
declare module 'jssip/lib/Parser.js' {
  const Parser: {
    /** The message, or undefined when it is none; throws at some that are none. */
    readonly parseMessage: (text: string, ua: unknown) => object | undefined;
  };
  export default Parser;
}
