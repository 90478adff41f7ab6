import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { wrapLine } from '../../src/render/wrap.ts';

test('what goes on stands under the line it belongs to', () => {
	expect(wrapLine('  in  pnet/input float, rnet/input float', 26)).toEqual([
		'  in  pnet/input float,',
		'    rnet/input float',
	]);
	expect(wrapLine('short', 24)).toEqual(['short']);
});

test('a word longer than a row is broken, and no row is too wide', () => {
	const rows = wrapLine(` 卷积/${'x'.repeat(50)} y`, 20);
	expect(rows.every((row) => stringWidth(row) <= 20)).toBe(true);
	expect(rows.join('').replaceAll(' ', '')).toBe(`卷积/${'x'.repeat(50)}y`);
});

test('colours go on in the next row', () => {
	const rows = wrapLine('\x1b[31mred words in a row\x1b[39m', 10);
	expect(rows.length).toBeGreaterThan(1);
	for (const row of rows) expect(row.trim()).toMatch(/^\x1b\[31m.*\x1b\[39m$/);
});

test('a colour before the indentation does not hide it', () => {
	const rows = wrapLine('\u001b[36m  round_weights\u001b[39m  round large constants', 24);
	expect(rows.map((row) => row.replaceAll(/\u001b\[\d+m/g, ''))).toEqual([
		'  round_weights  round',
		'    large constants',
	]);
});
