/** Transforms as they are typed in the shell: the C++ tool's language, but nothing is dropped or ignored in silence. */
import { WhittleError } from '../graph/error.ts';
import { didYouMean } from '../graph/suggest.ts';
import { transformByName, transforms } from '../transforms/index.ts';
import { endsInsideParameters, type Invocation, parseTransforms } from '../transforms/language.ts';

/**
 * Parses and checks names and parameters.
 * @param offset where `text` stands in the line, for the spans of errors.
 * @throws WhittleError `usage` or `unknown`.
 */
export function readTransforms(text: string, offset = 0): Invocation[] {
	const invocations = parsed(text, offset);
	if (endsInsideParameters(text)) {
		throw new WhittleError('usage', 'The parameter list is not closed: `)` is missing.', {
			hint: 'The C++ tool would silently leave this transform out.',
			span: { start: offset + text.trimEnd().length, length: 1 },
		});
	}
	for (const invocation of invocations) check(invocation, text, offset);
	return invocations;
}

function parsed(text: string, offset: number): Invocation[] {
	try {
		return parseTransforms(text);
	} catch (error) {
		if (!(error instanceof WhittleError) || !error.span) throw error;
		const { start, length } = error.span;
		throw error.retold({ hint: grammarHint(text, start), span: { start: offset + start, length } });
	}
}

function grammarHint(text: string, at: number): string {
	const rest = text.slice(at);
	const list = text.slice(0, at).lastIndexOf('(') > text.slice(0, at).lastIndexOf(')');
	if (!list) {
		const bare = /([A-Za-z]\w*)\s+(\w+)$/.exec(text.slice(0, at));
		const value = /^=\S+/.exec(rest);
		if (bare && value) return `Parameters stand in brackets: ${bare[1]}(${bare[2]}${value[0]})`;
		return 'A transform is NAME or NAME(key=value, …); several are separated by blanks.';
	}
	if (/^\s*\)/.test(rest)) return 'Take out the comma or blank before `)`.';
	if (/^\s+[=\w"]/.test(rest) || /^\s*=/.test(rest)) return 'Write `key=value` without blanks around `=`.';
	if (rest.startsWith("'")) return 'Use double quotes: key="value".';
	if (rest.startsWith(',')) return 'One comma, and no blank before it.';
	return 'Values with other characters than letters, digits and `-./_` need double quotes: key="a:0".';
}

function check(invocation: Invocation, text: string, offset: number): void {
	const { name, start, end } = invocation;
	const transform = transformByName(name);
	if (!transform) {
		const hint =
			didYouMean(
				name,
				transforms.map((known) => known.name),
			) ?? '`transforms` lists them.';
		throw new WhittleError('unknown', `There is no transform called \`${name}\`.`, {
			hint,
			span: { start: offset + start, length: name.length },
		});
	}
	const known = [...Object.keys(transform.params), 'ignore_errors'];
	for (const key of invocation.params.keys()) {
		if (known.includes(key)) continue;
		const place = new RegExp(`[(,\\s]${key}=`).exec(text.slice(start, end));
		throw new WhittleError('usage', `\`${name}\` has no parameter \`${key}\`.`, {
			hint: didYouMean(key, known) ?? `It has ${known.join(', ')}.`,
			span: { start: offset + start + (place ? place.index + 1 : 0), length: key.length },
		});
	}
}
