/** The command line: which of whittle's forms it is, and with what (docs/command-line.md). */

import { parseArgs } from 'node:util';
import { messageOf } from './graph/error.ts';

/** What `whittle` is asked to do beside TensorFlow's tools. */
export interface CliOptions {
	readonly model: string | undefined;
	/** The script of `whittle run`. */
	readonly script: string | undefined;
	/** The lines of `-c`. */
	readonly lines: string | undefined;
	readonly inputs: readonly string[] | undefined;
	readonly outputs: readonly string[] | undefined;
	/** The MetaGraph of a SavedModel, and the signature whose inputs and outputs are used. */
	readonly tags: string | undefined;
	readonly signature: string | undefined;
	readonly json: boolean;
	readonly resume: boolean;
	readonly color: boolean;
	readonly keepGoing: boolean;
	readonly debug: boolean;
	readonly help: boolean;
	readonly version: boolean;
}

/** A command line that makes no sense: exit code 2. */
export class UsageError extends Error {}

const options = {
	inputs: { type: 'string' },
	outputs: { type: 'string' },
	tags: { type: 'string' },
	signature: { type: 'string' },
	json: { type: 'boolean' },
	resume: { type: 'boolean' },
	'no-color': { type: 'boolean' },
	'keep-going': { type: 'boolean' },
	debug: { type: 'boolean' },
	help: { type: 'boolean', short: 'h' },
	version: { type: 'boolean', short: 'v' },
	command: { type: 'string', short: 'c' },
} as const;

/** @throws UsageError where it cannot be meant. */
export function parseCommandLine(args: readonly string[]): CliOptions {
	const { values, positionals } = parse(args);
	const isRun = positionals[0] === 'run';
	const [script, model, ...rest] = isRun ? positionals.slice(1) : [undefined, ...positionals];
	if (isRun && script === undefined && !values.help)
		throw new UsageError('`whittle run` wants a script: whittle run SCRIPT [MODEL]');
	if (rest.length > 0) throw new UsageError(`There is one MODEL at most; what is \`${rest[0]}\`?`);
	if (isRun && values.command !== undefined)
		throw new UsageError('`-c` and `run` exclude each other: both say what to run.');
	return {
		model,
		script,
		lines: values.command,
		inputs: names(values.inputs),
		outputs: names(values.outputs),
		tags: values.tags,
		signature: values.signature,
		json: values.json ?? false,
		resume: values.resume ?? false,
		color: !values['no-color'],
		keepGoing: values['keep-going'] ?? false,
		debug: values.debug ?? false,
		help: values.help ?? false,
		version: values.version ?? false,
	};
}

function parse(args: readonly string[]) {
	try {
		return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
	} catch (error) {
		const message = messageOf(error);
		throw new UsageError(message.split('\n')[0]!.replace(/\. To specify a positional argument.*/, '.'));
	}
}

/** What opening MODEL is told of tags and signature. */
export function openOptionsOf({ tags, signature }: CliOptions): Record<string, string> {
	return { ...(tags === undefined ? {} : { tags }), ...(signature === undefined ? {} : { signature }) };
}

function names(text: string | undefined): readonly string[] | undefined {
	return text?.split(',').filter((name) => name !== '');
}

export const helpText = `whittle: TensorFlow's Graph Transform Tool as a shell

  whittle [MODEL]                  the shell; without a terminal: commands from stdin, plain text out
  whittle MODEL -c 'LINE; LINE'    run these lines, print their answers
  whittle run SCRIPT [MODEL]       replay a session script, on MODEL instead of the script's own

  whittle summarize_graph --in_graph=F [--print_structure]
  whittle transform_graph --in_graph=F --out_graph=F --inputs=A,B --outputs=C --transforms='T1 T2(p=v)' [--output_as_text]
  whittle benchmark_model --graph=F …
  whittle compare_graphs A B

MODEL is a GraphDef (.pb, .pbtxt), a SavedModel folder or a MetaGraph; without one the bundled MTCNN opens.

  --inputs a,b     input nodes, instead of those that look like it
  --outputs c,d    output nodes
  --tags a,b       the MetaGraph of a SavedModel that holds several
  --signature s    the signature whose inputs and outputs are used, instead of serving_default
  -c LINES         lines to run, separated by \`;\` or newlines
  --json           one JSON object a cell
  --keep-going     go on after a line that failed (the exit code is still 1)
  --resume         bring back the last session
  --no-color       no colours (so does NO_COLOR)
  --debug          check the whole graph after every step
  -h, --help       this
  -v, --version    the version

Exit codes: 0 done, 1 a command failed, 2 wrong usage, 3 a file could not be read or written, 4 a check did not
hold, 130 interrupted. TensorFlow's tools keep their own.
`;
