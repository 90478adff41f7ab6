import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/index.ts';
import { type ParsedLine, parseLine } from '../../src/commands/parse.ts';
import { splitStatements } from '../../src/commands/statements.ts';
import { splitWords } from '../../src/commands/words.ts';
import type { WhittleError } from '../../src/graph/error.ts';
import { quoteWord } from '../../src/session/quote-word.ts';
import { transforms } from '../../src/transforms/index.ts';
import { formatInvocation, parseTransforms } from '../../src/transforms/language.ts';

function errorOf(line: string): WhittleError {
	const parsed = parseLine(line);
	if (parsed.kind !== 'error') throw new Error(`\`${line}\` was taken for ${parsed.kind}`);
	return parsed.error;
}

function pointed(line: string): string {
	const { span } = errorOf(line);
	return line.slice(span!.start, span!.start + span!.length);
}

function transformsOf(line: string): string[] {
	const parsed = parseLine(line);
	if (parsed.kind !== 'transforms') throw new Error(`${line}: ${parsed.kind}`);
	return parsed.invocations.map(formatInvocation);
}

function commandOf(line: string): Extract<ParsedLine, { kind: 'command' }> {
	const parsed = parseLine(line);
	if (parsed.kind !== 'command') throw parsed.kind === 'error' ? parsed.error : new Error(parsed.kind);
	return parsed;
}

describe('parseLine', () => {
	it('tells blank lines and comments', () => {
		expect(parseLine('  ').kind).toBe('empty');
		expect(parseLine('# remove_device').kind).toBe('empty');
	});

	it('reads transforms, one or several', () => {
		expect(transformsOf('remove_device')).toEqual(['remove_device']);
		expect(transformsOf('remove_nodes(op=Identity, op=CheckNumerics) remove_device')).toEqual([
			'remove_nodes(op=Identity, op=CheckNumerics)',
			'remove_device',
		]);
	});

	it('no word is a command and a transform at once', () => {
		const words = commands.flatMap((command) => [command.name, ...(command.aliases ?? [])]);
		expect(new Set(words).size).toBe(words.length);
		expect(transforms.filter((transform) => words.includes(transform.name))).toEqual([]);
	});

	it('points at an unknown word and offers the near one', () => {
		expect(pointed('remove_devices')).toBe('remove_devices');
		expect(errorOf('remove_devices').hint).toBe('Did you mean remove_device?');
		expect(errorOf('unod').hint).toContain('undo');
		expect(errorOf('remove_device remove_nods(op=Identity)').hint).toContain('remove_nodes');
		expect(errorOf('quantize_weights(min_size=10)').hint).toBe('Did you mean minimum_size?');
	});

	it('takes a whole line out of its quotes', () => {
		expect(transformsOf('“remove_device”')).toEqual(['remove_device']);
		expect(commandOf("'find op:Relu'").args).toMatchObject({ query: 'op:Relu' });
	});

	it('rejects a parameter that the transform does not have', () => {
		const line = 'remove_nodes(op=Identity, max_input=2)';
		expect(pointed(line)).toBe('max_input');
		expect(errorOf(line).hint).toBe('Did you mean max_inputs?');
	});

	it('accepts ignore_errors everywhere', () => {
		expect(transformsOf('remove_device(ignore_errors=true)')).toEqual(['remove_device(ignore_errors=true)']);
	});

	it('rejects a parameter list that is not closed, which the C++ tool drops', () => {
		expect(errorOf('remove_nodes(op=Identity').message).toContain('`)` is missing');
	});

	it('says what to write instead of a grammar error', () => {
		expect(errorOf('remove_nodes(op = Identity)').hint).toContain('without blanks');
		expect(errorOf("remove_nodes(op='Identity')").hint).toContain('double quotes');
		expect(errorOf('remove_nodes(op=Identity, )').hint).toContain('before `)`');
		expect(errorOf('set_device(device=/gpu:0)').hint).toContain('double quotes');
	});

	it('takes the transforms of a pasted command line of the C++ tool', () => {
		const line =
			"$ bazel-bin/tensorflow/tools/graph_transforms/transform_graph --in_graph=a.pb --out_graph=b.pb --inputs='x,z' --outputs=y --transforms='remove_device\n  remove_nodes(op=Identity)'";
		const parsed = parseLine(line);
		expect(parsed).toMatchObject({ kind: 'transforms', inputs: ['x', 'z'], outputs: ['y'] });
		expect(transformsOf(line)).toEqual(['remove_device', 'remove_nodes(op=Identity)']);
		expect(parsed).toMatchObject({ notes: [expect.stringContaining('save b.pb')] });
	});

	it('takes a pasted --transforms, with curly quotes and a dash that a word processor made', () => {
		expect(transformsOf("--transforms='remove_device'")).toEqual(['remove_device']);
		expect(transformsOf('\u2014transforms=\u2018remove_device\u2019')).toEqual(['remove_device']);
		expect(transformsOf('--transforms=\'remove_nodes(op="Identity")\' \\')).toEqual([
			'remove_nodes(op=Identity)',
		]);
	});

	it('says what it did not understand of a pasted line', () => {
		expect(parseLine("--transforms='remove_device' counts")).toMatchObject({
			kind: 'transforms',
			notes: ['not understood and left out: counts'],
		});
		expect(
			parseLine("bazel-bin/tools/transform_graph --in_graph=a.pb --transforms='remove_device'"),
		).toMatchObject({
			notes: [expect.stringContaining('--in_graph')],
		});
	});

	it('points into a pasted line', () => {
		expect(pointed("--transforms='remove_device remove_thing'")).toBe('remove_thing');
	});

	it('reads arguments, options in any place', () => {
		expect(commandOf('save "my file.pb" --force').args).toEqual({
			file: 'my file.pb',
			text: false,
			force: true,
		});
		expect(commandOf('save --force x.pb').args).toMatchObject({ file: 'x.pb', force: true });
		expect(commandOf('open m --tags=serve').args).toMatchObject({ file: 'm', tags: 'serve' });
		expect(commandOf('run x.whittle --keep-going').args).toMatchObject({ keepGoing: true });
		expect(commandOf('run x.whittle --keep_going').args).toMatchObject({ keepGoing: true });
	});

	it('keeps the rest of a line verbatim where a command wants it', () => {
		expect(commandOf('edit 2 rename_op(old_op_name="a  b")').args).toEqual({
			step: '2',
			transforms: 'rename_op(old_op_name="a  b")',
		});
	});

	it('names what is missing and what is too much', () => {
		expect(errorOf('save').message).toBe('`save` needs FILE: where to.');
		expect(pointed('undo 1 2')).toBe('2');
		expect(pointed('save x.pb --forse')).toBe('--forse');
		expect(errorOf('save x.pb --forse').hint).toContain('force');
		expect(pointed('undo many')).toBe('many');
	});

	it('turns ? behind a word into help', () => {
		expect(commandOf('remove_device?')).toMatchObject({
			command: { name: 'help' },
			args: { word: 'remove_device' },
		});
		expect(commandOf('remove_nodes(op=?').args).toMatchObject({ word: 'remove_nodes', more: false });
		expect(commandOf('undo??').args).toMatchObject({ word: 'undo', more: true });
		expect(commandOf('remove_nodes(op=Identity)?').args).toMatchObject({ word: 'remove_nodes' });
		expect(commandOf('remove_device remove_nodes?').args).toMatchObject({ word: 'remove_nodes' });
		expect(commandOf('? undo').args).toMatchObject({ word: 'undo' });
		expect(commandOf('find name:conv?').command.name).toBe('find');
		expect(commandOf('show node?').command.name).toBe('show');
		expect(commandOf('?').args).toMatchObject({ word: undefined });
	});

	it('expands an alias at the beginning of a line, and no further than it leads', () => {
		const aliases = new Map([
			['clean', 'remove_nodes(op=Identity)'],
			['loop', 'loop 1'],
		]);
		expect(parseLine('clean remove_device', aliases)).toMatchObject({
			kind: 'transforms',
			invocations: [{ name: 'remove_nodes' }, { name: 'remove_device' }],
		});
		expect(parseLine('loop', aliases).kind).toBe('error');
	});

	it('takes pipes and redirection off a command that answers with a table', () => {
		expect(commandOf('log | sort -ms | head 3 > a.csv').pipeline).toEqual({
			body: ' ',
			stages: [
				{ kind: 'sort', column: 'ms', descending: true },
				{ kind: 'head', count: 3 },
			],
			redirect: 'a.csv',
		});
		expect(commandOf('assert nodes > 3').args).toEqual({ claim: 'nodes > 3' });
		expect(errorOf('log | sotr ms').hint).toContain('sort');
		expect(errorOf('log >').message).toContain('One file name');
	});
});

describe('any text', () => {
	it('is taken for something, or gives an error whose span lies in it', () => {
		const pieces = fc.constantFrom(
			'find',
			'remove_nodes',
			'(',
			')',
			'op',
			'=',
			'"',
			"'",
			' ',
			'|',
			'>',
			'#',
			';',
			'\\',
			'/',
			'?',
			'--',
			',',
			'undo',
			'\n',
			'a:1',
			'“',
			'[',
			'--transforms=',
			'transform_graph ',
		);
		const text = fc.oneof(
			fc.string({ unit: 'binary' }),
			fc.array(pieces, { maxLength: 12 }).map((list) => list.join('')),
		);
		fc.assert(
			fc.property(text, (line) => {
				const parsed = parseLine(line);
				if (parsed.kind !== 'error' || !parsed.error.span) return;
				const { start, length } = parsed.error.span;
				expect(start).toBeGreaterThanOrEqual(0);
				expect(length).toBeGreaterThan(0);
				expect(start).toBeLessThanOrEqual(line.length);
			}),
			{ numRuns: 2000 },
		);
	});

	it('is read in time that grows with its length', () => {
		const long = 100_000;
		for (const line of [
			'a'.repeat(long),
			'a '.repeat(long),
			'('.repeat(long),
			`${'a '.repeat(long)}?`,
			`log ${'| head 1 '.repeat(5000)}`,
			`--transforms='${'remove_device '.repeat(20_000)}'`,
			'"'.repeat(long),
			`find ${'x:/'.repeat(long)}`,
		]) {
			const started = performance.now();
			parseLine(line);
			splitStatements(line);
			expect(performance.now() - started, line.slice(0, 30)).toBeLessThan(2000);
		}
	});
});

describe('what is written can be read', () => {
	it('transforms with any parameters', () => {
		const value = fc.string({ unit: 'binary-ascii' }).map((text) => text.replace(/["\\]/g, ''));
		fc.assert(
			fc.property(fc.array(value, { minLength: 1, maxLength: 4 }), (values) => {
				const invocation = { name: 'remove_nodes', params: new Map([['op', values]]) };
				const parsed = parseTransforms(formatInvocation(invocation));
				expect(parsed).toHaveLength(1);
				expect(parsed[0]!.params.get('op')).toEqual(values);
			}),
		);
	});

	it('any word, in quotes where they are needed', () => {
		const word = fc
			.string({ unit: 'binary' })
			.filter((text) => text !== '' && !/[\u201c-\u201e\u2018-\u201a]/.test(text));
		fc.assert(
			fc.property(fc.array(word), (words) => {
				expect(splitWords(words.map(quoteWord).join(' ')).map((w) => w.text)).toEqual(words);
			}),
		);
	});
});
