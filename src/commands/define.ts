/** What a shell command is. One declaration; parsing, help, completion and tables come from it. */
import type { Answer, Block } from '../session/answer.ts';
import type { Cell } from '../session/cell.ts';
import type { Session } from '../session/session.ts';

export type CommandGroup = 'graph' | 'look' | 'change' | 'history' | 'prove' | 'session';

/** What an argument names; completion offers what there is of it. */
export type ArgumentSubject =
	| 'node'
	| 'scope'
	| 'op'
	| 'step'
	| 'file'
	| 'query'
	| 'transform'
	| 'transforms'
	| 'command'
	| 'word'
	| 'setting'
	| 'tensor'
	| 'text';

/**
 * `positional`: one word. `rest`: all further words. `line`: the rest of the line, verbatim. `option`:
 * `--name value` or `--name=value`. `flag`: `--name`.
 */
export interface Argument<T> {
	readonly kind: 'positional' | 'rest' | 'line' | 'option' | 'flag';
	readonly summary: string;
	readonly subject: ArgumentSubject;
	readonly required: boolean;
	/** The values it takes, when they are few. */
	readonly values?: readonly string[];
	/** @throws WhittleError `usage`. */
	read(text: string | undefined, rest: readonly string[]): T;
}

export type Arguments = Readonly<Record<string, Argument<unknown>>>;

export type ArgumentValues<A extends Arguments> = {
	readonly [K in keyof A]: A[K] extends Argument<infer T> ? T : never;
};

/** What the one who runs lines gives: the terminal or pipe, and how answers look in it. */
export interface RunContext {
	/** Ends long work: checked between pieces of it. */
	readonly signal: AbortSignal;
	/** Whether a person is there to answer and to look. */
	readonly interactive: boolean;
	/** Columns of the terminal; undefined in a pipe. */
	readonly width?: number | undefined;
	/** Shows how far long work has come. */
	progress(done: number, total: number, label?: string): void;
	/** Lets the terminal breathe and throws WhittleError `interrupted` when the person has pressed Ctrl-C. */
	pause(): Promise<void>;
	/** Blocks as plain text, for answers that are written to a file. */
	plain(blocks: readonly Block[]): string;
	/** Told of every cell that a script run by `run` makes; without it they stand in the answer of `run`. */
	readonly onCell?: ((cell: Cell) => void) | undefined;
	/** A session is brought back: what only informs is left out. */
	readonly replaying?: boolean;
	/** Further pages for `help`, by their word: `keys` in the shell. */
	readonly helpPages?: ReadonlyMap<string, readonly Block[]> | undefined;
}

/** What a running command may use beside the session. */
export interface CommandContext extends RunContext {
	/** The line being run, as typed. */
	readonly line: string;
	/** The file named after `>`, for a command that declares `redirect: 'own'`. */
	readonly redirect?: string | undefined;
	/** All commands; a command file cannot import the list that imports it. */
	readonly commands: readonly Command[];
	/** Runs the statements of a script as cells of their own, one after the other. */
	runScript(text: string, options?: ScriptOptions): Promise<ScriptResult>;
}

export interface ScriptOptions {
	/** Goes on after a line that failed. Default false. */
	readonly keepGoing?: boolean;
	/** Told of every cell when it is done. */
	readonly onCell?: (cell: Cell) => void;
	/** Whether cells know their line number. Default true. */
	readonly numbered?: boolean;
	/** Decides line by line what to do: run it, leave it out, or run another line in its place. Default `run`. */
	readonly filter?: (statement: string) => string | undefined;
}

export interface ScriptResult {
	readonly cells: readonly Cell[];
	/** 0 done, 1 a command failed, 3 file trouble, 4 a check did not hold, 130 interrupted. */
	readonly exitCode: number;
}

export interface CommandDeclaration<A extends Arguments> {
	readonly name: string;
	readonly aliases?: readonly string[];
	readonly group: CommandGroup;
	/** One line, no full stop. */
	readonly summary: string;
	readonly details?: string;
	readonly args: A;
	readonly examples: readonly string[];
	/**
	 * Whether the line belongs in an exported script: `always` (open, inputs, save, assert …), or `asked` for
	 * questions, which are left out unless asked for. History commands are `never`.
	 */
	readonly scripted: 'always' | 'asked' | 'never';
	/** Changes the session, so that `--resume` runs it again. Default false. */
	readonly resumed?: boolean;
	/**
	 * What `| sort …` and `> FILE` after it mean. `table`: the runner applies them to the answer. `own`: the
	 * command takes the file (`eval`). `none`: the text is the command's, `|` and `>` included. Default `table`.
	 */
	readonly redirect?: 'table' | 'own' | 'none';
	/** Works without an open model. Default false: the runner then answers "No model is open". */
	readonly withoutModel?: boolean;
	run(session: Session, args: ArgumentValues<A>, context: CommandContext): Answer | Promise<Answer>;
}

/** A declared command, whatever its arguments. */
export type Command = CommandDeclaration<Arguments>;

/** Declares a command: the types of its arguments are inferred, then forgotten. */
export function defineCommand<const A extends Arguments>(command: CommandDeclaration<A>): Command {
	return command as unknown as Command;
}
