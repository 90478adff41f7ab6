import { visible } from '../render/visible.ts';

/** Where a tool writes; tests read it. */
export interface ToolStreams {
	/** The report. */
	out(text: string): void;
	/** Messages; each ends in a newline, as a log record does. */
	log(text: string): void;
}

/** TensorFlow's tools end with −1 on every failure, which a shell sees as 255. */
export const FAILED = 255;

/** The process's own streams. Control characters of a model's names do not reach a terminal. */
export const processStreams: ToolStreams = {
	out: (text) => write(process.stdout, text),
	log: (text) => write(process.stderr, `${text}\n`),
};

function write(stream: NodeJS.WriteStream, text: string): void {
	// Line ends and tabs are the tools' own.
	stream.write(stream.isTTY ? text.replace(/[^\n\t]+/g, visible) : text);
}
