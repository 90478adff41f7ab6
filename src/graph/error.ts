/** What kind of thing went wrong. The kind decides the exit code and stands in `--json` answers. */
export type ErrorCode =
	| 'usage' // the words typed are wrong
	| 'unknown' // a name that does not exist: node, transform, command, step
	| 'file' // a file cannot be read or written, or is not what it should be
	| 'graph' // the graph is not valid
	| 'transform' // a transform stopped
	| 'evaluate' // a node cannot be run
	| 'check' // verify, compare or assert did not hold
	| 'interrupted'
	| 'memory' // there is not enough of it
	| 'internal'; // our own fault

/** A part of the typed line, in UTF-16 units. */
export interface LineSpan {
	readonly start: number;
	readonly length: number;
}

/** An error that a person can act on. `message` is one sentence; `hint` says what to do. */
export class WhittleError extends Error {
	readonly code: ErrorCode;
	readonly hint: string | undefined;
	/** Where in the typed line the fault lies. */
	readonly span: LineSpan | undefined;

	constructor(
		code: ErrorCode,
		message: string,
		options: {
			hint?: string | undefined;
			span?: LineSpan | undefined;
			cause?: unknown;
		} = {},
	) {
		super(message, { cause: options.cause });
		this.name = 'WhittleError';
		this.code = code;
		this.hint = options.hint;
		this.span = options.span;
	}

	/** The same error as somebody tells it who knows more: where it lies in the line, or what to do. */
	retold(changes: { message?: string; hint?: string | undefined; span?: LineSpan }): WhittleError {
		const { message = this.message, hint = this.hint, span = this.span } = changes;
		return new WhittleError(this.code, message, { hint, span, cause: this.cause ?? this });
	}
}

/** What a caught value says: the message of an error, anything else as text. */
export function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** The process exit code of each kind of error (docs/command-line.md). */
export function exitCodeOf(code: ErrorCode): number {
	if (code === 'file') return 3;
	if (code === 'check') return 4;
	if (code === 'interrupted') return 130;
	return 1;
}
