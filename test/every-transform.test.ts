/** What every declared transform must have beside its code. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { transforms } from '../src/transforms/index.ts';
import { parseTransforms } from '../src/transforms/language.ts';
import { toolTransforms } from './goldens/tool-transforms.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

test('they stand in alphabetical order, each once', () => {
	const names = transforms.map((transform) => transform.name);
	expect(names).toEqual([...new Set(names)].sort());
});

describe.each(transforms.map((transform) => [transform.name, transform] as const))(
	'%s',
	(name, transform) => {
		const file = name.replaceAll('_', '-');

		test('has a file and a test of its name', () => {
			const wanted = [`src/transforms/${file}.ts`, `test/transforms/${file}.test.ts`];
			expect(wanted.filter((path) => !existsSync(root + path))).toEqual([]);
		});

		test('has a summary of one line without a full stop', () => {
			expect(transform.summary).toMatch(/^[^\n]{10,100}[^.\n]$/);
		});

		test('has examples that parse, with parameters that it declares', () => {
			expect(transform.examples).not.toEqual([]);
			for (const example of transform.examples) {
				const invocations = parseTransforms(example);
				expect(invocations.map((invocation) => invocation.name)).toContain(name);
				const own = invocations.find((invocation) => invocation.name === name)!;
				const known = [...Object.keys(transform.params), 'ignore_errors'];
				for (const [key, values] of own.params) {
					expect(known).toContain(key);
					expect(() => transform.params[key]?.parse(key, values)).not.toThrow();
				}
			}
		});

		test('has parameters with a summary', () => {
			for (const [key, parameter] of Object.entries(transform.params)) {
				expect(parameter.summary, key).toMatch(/^[^\n]{3,120}[^.\n]$/);
			}
		});

		test('draws its pattern before and after, in its declaration and at the top of its file', () => {
			expect(transform.picture).toMatch(/before[\s\S]*after/);
			const source = readFileSync(`${root}src/transforms/${file}.ts`, 'utf8');
			expect(source).toMatch(/^\/\*\*\n[\s\S]*?before[\s\S]*?after[\s\S]*?\*\//);
		});

		test('is among the tool’s if it says so', () => {
			expect(toolTransforms.includes(name)).toBe(transform.origin === 'tensorflow');
		});

		test('names only transforms that exist', () => {
			const names = new Set([...toolTransforms, ...transforms.map((other) => other.name)]);
			const named = [...(transform.after ?? []), ...(transform.seeAlso ?? [])];
			expect(named.filter((other) => !names.has(other))).toEqual([]);
		});
	},
);

test('every transform of the C++ tool is there', () => {
	const missing = toolTransforms.filter((name) => !transforms.some((transform) => transform.name === name));
	expect(missing).toEqual([]);
});
