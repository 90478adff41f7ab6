/** Ops that look for regular expressions, in RE2's language as far as it is JavaScript's too. */
import isSafe from 'safe-regex2';
import { DT_BOOL, DT_STRING } from '../graph/dtype.ts';
import { WhittleError } from '../graph/error.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { decodeText, encodeText } from '../graph/text.ts';
import type { Kernel, OpDeclaration } from './define.ts';
import { unchangedShape } from './elementwise.ts';

/** What RE2 has and JavaScript writes otherwise, or not at all. */
const FOREIGN = /\\[AzpPCQEabBx]|\[\[:|\(\?(?!:)|\\[1-9]/;

function refused(pattern: string, why: string): WhittleError {
	return new WhittleError('evaluate', `the pattern \`${pattern}\` ${why}`);
}

/** The same pattern for JavaScript: dots and spaces stand for fewer characters in RE2. */
function compile(pattern: string, flags: string): RegExp {
	if (FOREIGN.test(pattern)) throw refused(pattern, 'has a construct of RE2 that is not implemented');
	let text = '';
	let inClass = false;
	for (let i = 0; i < pattern.length; i++) {
		const c = pattern[i]!;
		if (c === '\\') {
			const next = pattern[++i] ?? '';
			const spaces = '\\t\\n\\f\\r ';
			if (next === 's') text += inClass ? spaces : `[${spaces}]`;
			else if (next === 'S' && !inClass) text += `[^${spaces}]`;
			else if (/[a-zA-Z0-9]/.test(next)) text += `\\${next}`;
			else text += next.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
			continue;
		}
		if (c === '[') inClass = true;
		if (c === ']') inClass = false;
		text += c === '.' && !inClass ? '[^\\n]' : c;
	}
	let expression: RegExp;
	try {
		expression = new RegExp(text, flags);
	} catch (cause) {
		throw new WhittleError('evaluate', `the pattern \`${pattern}\` is not understood`, { cause });
	}
	// RE2 takes time in the length of the text; JavaScript may try for ever.
	if (!isSafe(expression)) throw refused(pattern, 'may take for ever');
	return expression;
}

function mapTexts(x: TensorValue, f: (text: string) => string): TensorValue {
	const data = (x.data as readonly Uint8Array[]).map((item) => encodeText(f(decodeText(item))));
	return { dtype: DT_STRING, shape: x.shape, data };
}

function textOf(value: TensorValue): string {
	return decodeText((value.data as readonly Uint8Array[])[0]!);
}

/** `\1` to `\9` are groups, `\0` the whole match. */
function replace(x: TensorValue, pattern: string, rewrite: string, everywhere: boolean): TensorValue {
	const expression = compile(pattern, everywhere ? 'gu' : 'u');
	return mapTexts(x, (text) =>
		text.replace(expression, (...match) =>
			rewrite.replace(/\\([0-9\\])/g, (_whole, which: string) =>
				which === '\\' ? '\\' : typeof match[Number(which)] === 'string' ? String(match[Number(which)]) : '',
			),
		),
	);
}

function matches(x: TensorValue, pattern: string): TensorValue {
	const expression = compile(`^(?:${pattern})$`, 'u');
	const found = (x.data as readonly Uint8Array[]).map((item) => Number(expression.test(decodeText(item))));
	return { dtype: DT_BOOL, shape: x.shape, data: Uint8Array.from(found) };
}

const staticReplace: Kernel = ([x], { attr }) => [
	replace(
		x!,
		attr('pattern')?.string ?? '',
		attr('rewrite')?.string ?? '',
		attr('replace_global')?.bool ?? true,
	),
];
const givenReplace: Kernel = ([x, pattern, rewrite], { attr }) => [
	replace(x!, textOf(pattern!), textOf(rewrite!), attr('replace_global')?.bool ?? true),
];

const limits = 'patterns that RE2 and JavaScript both have';

export const stringPatternOps: readonly OpDeclaration[] = [
	{ names: ['StaticRegexReplace'], limits, shape: unchangedShape, kernel: staticReplace },
	{ names: ['RegexReplace'], limits, shape: unchangedShape, kernel: givenReplace },
	{
		names: ['StaticRegexFullMatch'],
		limits,
		shape: unchangedShape,
		kernel: ([x], { attr }) => [matches(x!, attr('pattern')?.string ?? '')],
	},
	{
		names: ['RegexFullMatch'],
		limits,
		shape: unchangedShape,
		kernel: ([x, pattern]) => [matches(x!, textOf(pattern!))],
	},
];
