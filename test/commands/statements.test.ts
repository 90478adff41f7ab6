import { describe, expect, it } from 'vitest';
import { repairLine } from '../../src/commands/repair.ts';
import { StatementReader, splitStatements } from '../../src/commands/statements.ts';

const texts = (script: string): string[] => splitStatements(script).map((statement) => statement.text);

describe('splitStatements', () => {
	it('cuts at line ends and semicolons', () => {
		expect(texts('undo; redo\nhistory')).toEqual(['undo', 'redo', 'history']);
	});

	it('leaves semicolons in quotes and brackets alone', () => {
		expect(texts('rename_op(old_op_name="a;b"); show "x;y"')).toEqual([
			'rename_op(old_op_name="a;b")',
			'show "x;y"',
		]);
	});

	it('counts lines with comments and blank lines', () => {
		const script = '#!/usr/bin/env whittle\n\n# first\nundo # back\n\nredo';
		expect(splitStatements(script)).toEqual([
			{ text: 'undo', line: 4 },
			{ text: 'redo', line: 6 },
		]);
	});

	it('takes #3 for a step and # 3 for a comment', () => {
		expect(texts('goto #3')).toEqual(['goto #3']);
		expect(texts('goto 3 # 3')).toEqual(['goto 3']);
		expect(texts('undo #back')).toEqual(['undo']);
	});

	it('goes on over line ends inside brackets and after a backslash', () => {
		const script = "transform_graph \\\n  --transforms='\n    fold_constants\n  '\nundo";
		expect(splitStatements(script)).toEqual([
			{ text: expect.stringContaining('fold_constants'), line: 1 },
			{ text: 'undo', line: 5 },
		]);
	});

	it.each([
		"transform_graph \\\n  --inputs='a' \\\n  --transforms='\n    fold_constants\n  '",
		'find op:Conv2D \\\n | head 3',
		'rename_op(old_op_name=A,\n new_op_name=B) undo',
	])('gives statements that read again as themselves: %j', (script) => {
		const found = texts(script);
		expect(found).toHaveLength(1);
		expect(texts(found[0]!)).toEqual(found);
	});

	it('takes each line for itself where a bracket is never closed', () => {
		expect(texts('fold_constants(\nundo')).toEqual(['fold_constants(', 'undo']);
	});

	it('does not take an apostrophe or a path for a quote', () => {
		expect(texts("label don't; undo")).toEqual(["label don't", 'undo']);
		expect(texts('open a/b; undo')).toEqual(['open a/b', 'undo']);
	});

	it('drops a backslash at the very end', () => {
		expect(texts("--transforms='a b' \\")).toEqual(["--transforms='a b'"]);
	});
});

describe('StatementReader', () => {
	it('gives the same statements whatever the pieces', () => {
		const script = '# c\nopen x; undo\nrename_op(a="1\n2")\nredo';
		const whole = splitStatements(script);
		for (let size = 1; size < 8; size++) {
			const reader = new StatementReader();
			const found = [];
			for (let at = 0; at < script.length; at += size)
				found.push(...reader.push(script.slice(at, at + size)));
			expect([...found, ...reader.end()]).toEqual(whole);
		}
	});
});

describe('repairLine', () => {
	it('straightens quotes and blanks without moving anything', () => {
		const typed = '\u201ca\u201d\u00a0\u2018b\u2019';
		expect(repairLine(typed)).toBe('"a" \'b\'');
		expect(repairLine(typed)).toHaveLength(typed.length);
	});

	it('leaves what stands in straight quotes', () => {
		expect(repairLine('message="it\u2019s \\" \u201cso\u201d"')).toBe(
			'message="it\u2019s \\" \u201cso\u201d"',
		);
	});
});
