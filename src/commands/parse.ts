/** What a typed line means: transforms, a command with its arguments, or an error that points at its place. */
import { WhittleError } from '../graph/error.ts';
import { didYouMean } from '../graph/suggest.ts';
import { transformByName, transforms } from '../transforms/index.ts';
import type { Invocation } from '../transforms/language.ts';
import { readArguments } from './argument-values.ts';
import type { Arguments, ArgumentValues, Command } from './define.ts';
import { commandByName, commands } from './index.ts';
import { type Pipeline, splitPipeline } from './pipeline.ts';
import { readTransforms } from './read-transforms.ts';
import { repairLine } from './repair.ts';
import { readToolLine } from './tool-line.ts';
import { splitWords } from './words.ts';

export type ParsedLine =
	| { readonly kind: 'empty' }
	| {
			readonly kind: 'transforms';
			readonly invocations: readonly Invocation[];
			/** Given by a pasted command line of the C++ tool. */
			readonly inputs?: readonly string[] | undefined;
			readonly outputs?: readonly string[] | undefined;
			/** What of a pasted line was left aside. */
			readonly notes: readonly string[];
	  }
	| {
			readonly kind: 'command';
			readonly command: Command;
			readonly args: ArgumentValues<Arguments>;
			readonly pipeline: Pipeline;
	  }
	| { readonly kind: 'error'; readonly error: WhittleError };

/**
 * Reads one statement. Never throws: what is wrong comes back as an error whose span points into `typed`.
 * @param aliases words that stand for the beginning of a line.
 * @param hintFor what the open graph says of a word that is no command.
 */
export function parseLine(
	typed: string,
	aliases: ReadonlyMap<string, string> = new Map(),
	hintFor: WordHint = (_word, near) => near,
): ParsedLine {
	try {
		const text = withoutQuotes(withoutComment(repairLine(typed)));
		return parseText(text, aliases, hintFor, 0);
	} catch (error) {
		if (error instanceof WhittleError) return { kind: 'error', error };
		throw error;
	}
}

/** @param near *did you mean*, where a known word is near. */
export type WordHint = (word: string, near: string | undefined) => string | undefined;

function parseText(
	text: string,
	aliases: ReadonlyMap<string, string>,
	hintFor: WordHint,
	depth: number,
): ParsedLine {
	const first = /^\s*([^\s(?]*)/.exec(text)!;
	const word = first[1]!;
	const start = first[0].length - word.length;
	if (text.trim() === '') return { kind: 'empty' };
	const help = helpLine(text);
	if (help) return help;
	const tool = readToolLine(text);
	if (tool) return { kind: 'transforms', ...tool };
	const alias = aliases.get(word);
	if (alias !== undefined && depth < 10) {
		return parseText(alias + text.slice(first[0].length), withoutKey(aliases, word), hintFor, depth + 1);
	}
	const command = commandByName(word);
	if (command) return parseCommand(command, text, first[0].length);
	if (transformByName(word) || text[first[0].length] === '(')
		return { kind: 'transforms', invocations: readTransforms(text), notes: [] };
	throw unknownWord(word, start, aliases, hintFor);
}

function parseCommand(command: Command, text: string, at: number): ParsedLine {
	const body = text.slice(at);
	const pipeline = splitPipeline(body, at, command.redirect ?? 'table');
	return { kind: 'command', command, args: readArguments(command, pipeline.body, at), pipeline };
}

/** Longer lines are no questions, and the pattern would take its time. */
const LONGEST_QUESTION = 1000;

/** `WORD?`, `WORD??`, `WORD(?`, `?`, `? WORD`; behind several transforms, the last one is meant. */
function helpLine(text: string): ParsedLine | undefined {
	const marked = text.includes('?') && text.length < LONGEST_QUESTION;
	if (!marked) return undefined;
	const asked =
		/^(.*?)([\w-]*)\s*(?:\([^()]*\)?)?\s*(\?{1,2})\s*$/s.exec(text) ??
		/^()\s*()(\?{1,2})\s+([\w-]+)\s*$/.exec(text);
	if (!asked) return undefined;
	const before = asked[1]!.trim();
	const word = asked[2] || asked[4] || '';
	if (before !== '' && !(transformByName(/^\w*/.exec(before)![0]) && transformByName(word))) return undefined;
	const command = commandByName('help');
	if (!command) return undefined;
	const args = readArguments(command, ` ${word}${asked[3] === '??' ? ' --more' : ''}`, 0);
	return { kind: 'command', command, args, pipeline: { body: '', stages: [], redirect: undefined } };
}

function unknownWord(
	word: string,
	start: number,
	aliases: ReadonlyMap<string, string>,
	hintFor: WordHint,
): WhittleError {
	const known = [
		...commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]),
		...transforms.map((transform) => transform.name),
		...aliases.keys(),
	];
	const otherCase = known.find((name) => name === word.toLowerCase());
	const near = otherCase ? `Did you mean ${otherCase}?` : hintFor(word, didYouMean(word, known));
	return new WhittleError('unknown', `There is no command or transform called \`${word}\`.`, {
		hint: near ?? '`help` lists all words.',
		span: { start, length: Math.max(1, word.length) },
	});
}

function withoutComment(text: string): string {
	return text.trimStart().startsWith('#') ? '' : text;
}

/** A whole line in quotes, as it is copied from a manual; every character keeps its place. */
function withoutQuotes(text: string): string {
	return text.replace(/^(\s*)(["'])([^"']*)\2(\s*)$/, '$1 $3 $4');
}

function withoutKey(map: ReadonlyMap<string, string>, key: string): ReadonlyMap<string, string> {
	const rest = new Map(map);
	rest.delete(key);
	return rest;
}

/** The word at the beginning of a line, for whoever must know what it is about before it is complete. */
export function firstWord(text: string): string {
	return splitWords(text)[0]?.text ?? '';
}
