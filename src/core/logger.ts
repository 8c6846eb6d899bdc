/** How grave a line is. error: the user lost something; warn: recovered; info: a lifecycle change. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** One line of the log. Credentials never get this far. */
export interface LogLine {
  readonly level: LogLevel;
  /** The plugin that wrote it, or `core`. */
  readonly owner: string;
  readonly message: string;
  /** Whatever helps to understand the line. */
  readonly data?: unknown;
}

/** Where lines go. */
export type LogSink = (line: LogLine) => void;

/** `log` in the configuration. */
export interface LogOptions {
  /** The least grave level that is written; `off` writes nothing. Default `warn`. */
  readonly level?: LogLevel | 'off';
  /** Takes the lines instead of the console. */
  readonly sink?: LogSink;
}

/** Writes lines for one owner. */
export interface Logger {
  readonly error: (message: string, data?: unknown) => void;
  readonly warn: (message: string, data?: unknown) => void;
  readonly info: (message: string, data?: unknown) => void;
  readonly debug: (message: string, data?: unknown) => void;
  /** Writes whatever the level is: for a trace that the user has switched on. */
  readonly print: (message: string, data?: unknown) => void;
}

const ranks: Readonly<Record<LogLevel | 'off', number>> = {
  off: 0,
  error: 1,
  warn: 2,
  info: 3,
  debug: 4,
};

const toConsole: LogSink = ({ level, owner, message, data }) => {
  const text = `[cordboard ${owner}] ${message}`;
  // eslint-disable-next-line no-console -- this is the one place that writes to the console
  const write = console[level].bind(console);
  if (data === undefined) write(text);
  else write(text, data);
};

/**
 * Makes loggers that share a level and a sink. What is wrong with the options is told with them, when the
 * configuration is checked: until then it is no reason to fail.
 */
export function createLogging(options?: LogOptions | null): (owner: string) => Logger {
  const limit = ranks[options?.level ?? 'warn'];
  const given: unknown = options?.sink;
  const sink = typeof given === 'function' ? (given as LogSink) : toConsole;
  return (owner) => {
    const at =
      (level: LogLevel, most: number) =>
      (message: string, data?: unknown): void => {
        if (ranks[level] > most) return;
        sink(data === undefined ? { level, owner, message } : { level, owner, message, data });
      };
    return {
      error: at('error', limit),
      warn: at('warn', limit),
      info: at('info', limit),
      debug: at('debug', limit),
      print: at('info', Infinity),
    };
  };
}
