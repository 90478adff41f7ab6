/** Fills a command's declared arguments from the text after its name. */
import { WhittleError } from '../graph/error.ts';
import { didYouMean } from '../graph/suggest.ts';
import type { Argument, Arguments, ArgumentValues, Command } from './define.ts';
import { splitWords, type Word } from './words.ts';

/** `keepGoing` is typed `--keep-going`. */
export function optionName(key: string): string {
	return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll('_', '-');
}

/** `fromStep` is shown as `FROM_STEP`. */
function argumentName(key: string): string {
	return key.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

/** A command's form: `goto STEP`, `save FILE [--text]`. */
export function usageOf(command: Command): string {
	const parts = Object.entries(command.args).map(([key, argument]) => {
		const name = argumentName(key);
		if (argument.kind === 'flag') return `[--${optionName(key)}]`;
		if (argument.kind === 'option') return `[--${optionName(key)} ${argument.values?.join('|') ?? 'X'}]`;
		const shown = argument.kind === 'rest' || argument.kind === 'line' ? `${name}…` : name;
		return argument.required ? shown : `[${shown}]`;
	});
	return [command.name, ...parts].join(' ');
}

/**
 * @param text what follows the command's name, pipes and redirection taken off.
 * @param offset where it stands in the line.
 * @throws WhittleError `usage` with the place.
 */
export function readArguments(command: Command, text: string, offset: number): ArgumentValues<Arguments> {
	const { words, options, verbatim } = separate(command, text, offset);
	const values: Record<string, unknown> = {};
	for (const [key, argument] of Object.entries(command.args)) {
		if (argument.kind === 'flag' || argument.kind === 'option') {
			const given = options.get(key);
			values[key] = read(argument, given, [], text, offset);
		} else if (argument.kind === 'positional') {
			const given = words.shift();
			if (!given && argument.required) throw missing(command, key, text, offset);
			values[key] = read(argument, given, [], text, offset);
		} else if (argument.kind === 'rest') {
			const rest = words.splice(0);
			if (rest.length === 0 && argument.required) throw missing(command, key, text, offset);
			values[key] = read(argument, rest[0], rest, text, offset);
		} else {
			const given = words[0] && { ...words[0], text: verbatim(words[0]) };
			words.length = 0;
			if (!given && argument.required) throw missing(command, key, text, offset);
			values[key] = read(argument, given, [], text, offset);
		}
	}
	const extra = words[0];
	if (extra) {
		throw new WhittleError('usage', `\`${command.name}\` takes no further word: \`${extra.text}\`.`, {
			hint: usageOf(command),
			span: { start: extra.start, length: extra.end - extra.start },
		});
	}
	return values as ArgumentValues<Arguments>;
}

interface Separated {
	/** Words that are no options, in order. */
	readonly words: Word[];
	/** Options by argument key; a flag's word has its own text. */
	readonly options: ReadonlyMap<string, Word>;
	/** The line's text from a word on, options taken out. */
	verbatim(from: Word): string;
}

function separate(command: Command, text: string, offset: number): Separated {
	const keys = new Map<string, string>();
	let hasLine = false;
	for (const [key, argument] of Object.entries(command.args)) {
		if (argument.kind === 'flag' || argument.kind === 'option') keys.set(optionName(key), key);
		if (argument.kind === 'line') hasLine = true;
	}
	const options = new Map<string, Word>();
	const words: Word[] = [];
	let kept = text;
	const blank = (word: Word): void => {
		const start = word.start - offset;
		kept = kept.slice(0, start) + ' '.repeat(word.end - word.start) + kept.slice(word.end - offset);
	};
	const all = splitWords(text, offset);
	for (let i = 0; i < all.length; i++) {
		const word = all[i]!;
		const option = /^(?:--|[–—])([A-Za-z][\w-]*)(=)?/.exec(word.text);
		const key = option ? keys.get(option[1]!.replaceAll('_', '-')) : undefined;
		if (option && key === undefined && !hasLine)
			throw unknownOption(command, option[1]!, [...keys.keys()], word);
		if (!option || key === undefined) {
			words.push(word);
			continue;
		}
		blank(word);
		const takesValue = command.args[key]!.kind === 'option';
		const inline = option[2] ? { ...word, text: word.text.slice(option[0].length) } : undefined;
		const next = takesValue && !inline ? all[++i] : undefined;
		if (next) blank(next);
		if (takesValue && !inline && !next) {
			throw new WhittleError('usage', `\`--${option[1]}\` needs a value.`, {
				hint: usageOf(command),
				span: { start: word.start, length: word.end - word.start },
			});
		}
		options.set(key, inline ?? next ?? word);
	}
	return { words, options, verbatim: (from) => kept.slice(from.start - offset).trim() };
}

function read(
	argument: Argument<unknown>,
	given: Word | undefined,
	rest: readonly Word[],
	text: string,
	offset: number,
): unknown {
	try {
		return argument.read(
			given?.text,
			rest.map((word) => word.text),
		);
	} catch (error) {
		if (!(error instanceof WhittleError) || error.span) throw error;
		const start = given?.start ?? offset + text.length;
		const length = given ? given.end - given.start : 1;
		throw error.retold({ span: { start, length } });
	}
}

function missing(command: Command, key: string, text: string, offset: number): WhittleError {
	const { summary } = command.args[key]!;
	return new WhittleError('usage', `\`${command.name}\` needs ${argumentName(key)}: ${summary}.`, {
		hint: `${usageOf(command)} — for example \`${command.examples[0] ?? command.name}\``,
		span: { start: offset + text.trimEnd().length, length: 1 },
	});
}

function unknownOption(command: Command, typed: string, known: readonly string[], word: Word): WhittleError {
	return new WhittleError('usage', `\`${command.name}\` has no option \`--${typed}\`.`, {
		hint: didYouMean(typed, known) ?? usageOf(command),
		span: { start: word.start, length: word.end - word.start },
	});
}
