/** A pasted command line of TensorFlow's `transform_graph`, or just its `--transforms='…'`. */
import { WhittleError } from '../graph/error.ts';
import type { Invocation } from '../transforms/language.ts';
import { readTransforms } from './read-transforms.ts';
import { splitWords, type Word } from './words.ts';

export interface ToolLine {
	readonly invocations: readonly Invocation[];
	readonly inputs: readonly string[] | undefined;
	readonly outputs: readonly string[] | undefined;
	readonly notes: readonly string[];
}

/**
 * Reads such a line; undefined when it is none. The model and the result's place that it names are left aside,
 * because it is applied to the open graph.
 * @throws WhittleError `usage` or `unknown` where its transforms are wrong.
 */
export function readToolLine(text: string): ToolLine | undefined {
	const tool = /(^|[\s/])transform_graph(\s|$)/.exec(text);
	const named = tool !== null && /^[\s$\w./:~-]*$/.test(text.slice(0, tool.index));
	if (!named && !/^\s*[-–—]{1,2}transforms(=|\s)/.test(text) && !/\s--transforms=/.test(text))
		return undefined;
	const flags = new Map<string, Word>();
	const words = splitWords(text);
	const stray: string[] = [];
	for (let i = 0; i < words.length; i++) {
		const word = words[i]!;
		const flag = /^[-–—]{1,2}([a-z_]+)(=)?/.exec(word.text);
		if (!flag) {
			if (flags.size > 0) stray.push(word.text);
			continue;
		}
		const next = words[i + 1];
		if (flag[2]) flags.set(flag[1]!, { ...word, text: word.text.slice(flag[0].length) });
		else if (next && !/^[-–—]/.test(next.text)) {
			flags.set(flag[1]!, next);
			i++;
		} else flags.set(flag[1]!, { ...word, text: '' });
	}
	const list = flags.get('transforms');
	if (!list) {
		if (!named) return undefined;
		throw new WhittleError('usage', 'This transform_graph line has no --transforms.', {
			hint: "--transforms='NAME NAME(key=value)'",
		});
	}
	const offset = Math.max(list.start, text.indexOf(list.text, list.start));
	return {
		invocations: readTransforms(list.text, offset),
		inputs: names(flags.get('inputs')),
		outputs: names(flags.get('outputs')),
		notes: [
			...leftAside(flags),
			...(stray.length > 0 ? [`not understood and left out: ${stray.join(' ')}`] : []),
		],
	};
}

function names(flag: Word | undefined): readonly string[] | undefined {
	return flag && flag.text !== '' ? flag.text.split(',').map((name) => name.trim()) : undefined;
}

function leftAside(flags: ReadonlyMap<string, Word>): string[] {
	const ignored = ['in_graph', 'out_graph', 'output_as_text'].filter((name) => flags.has(name));
	if (ignored.length === 0) return [];
	const out = flags.get('out_graph')?.text;
	const save = out ? `; \`save ${out}\` writes the result` : '';
	return [`applied to the open graph: --${ignored.join(' and --')} of the pasted line set aside${save}`];
}
