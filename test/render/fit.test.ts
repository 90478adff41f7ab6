import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { cutMiddle, cutNames, padTo } from '../../src/render/cut-text.ts';
import { fitTable } from '../../src/render/fit.ts';
import { foldLines, paintBlock } from '../../src/render/lines.ts';
import { painter, themeOf } from '../../src/render/paint.ts';
import type { Block } from '../../src/session/answer.ts';
import { span, text } from '../../src/session/answer.ts';

const table: Extract<Block, { type: 'table' }> = {
	type: 'table',
	columns: [
		{ name: 'name', shrink: true },
		{ name: 'op' },
		{ name: 'bytes', align: 'right', format: 'bytes' },
	],
	rows: Array.from({ length: 30 }, (_row, i) => [`some/long/scope/of/a/model/node_${i}`, 'Conv2D', 1000 * i]),
};

describe('texts cut in the middle', () => {
	it('keep both ends', () => {
		expect(cutMiddle('pnet/PReLU1/alpha/read', 14)).toBe('pnet/PR…a/read');
		expect(cutMiddle('short', 14)).toBe('short');
	});

	it('never take more room than there is, wide characters or not', () => {
		for (const name of ['层/卷积/很长的名字', 'plain_name_of_a_node'])
			for (let width = 1; width < 25; width++)
				expect(stringWidth(cutMiddle(name, width))).toBeLessThanOrEqual(width);
		expect(padTo('层', 4)).toBe('层  ');
		expect(padTo('12', 4, true)).toBe('  12');
	});
});

describe('a table', () => {
	it('is cut to the width, names first', () => {
		const fitted = fitTable(table, 40, 100);
		const width = fitted.columns.reduce((sum, column) => sum + column.width + 3, 1);
		expect(width).toBeLessThanOrEqual(40);
		expect(fitted.rows[5]![1]).toContain('Conv2D');
		expect(fitted.rows[5]![0]).toContain('…');
	});

	it('is folded in the middle, and says how much', () => {
		const fitted = fitTable(table, 200, 10);
		expect(fitted.rows.length).toBeLessThanOrEqual(10);
		expect(fitted.rows[0]![0]).toContain('node_0');
		expect(fitted.rows.at(-1)![0]).toContain('node_29');
		expect(fitted.rows.length - 1 + fitted.hiddenRows).toBe(30);
	});
});

describe('columns to spare', () => {
	const layers: Extract<Block, { type: 'table' }> = {
		type: 'table',
		columns: [
			{ name: 'kind', wants: 12 },
			{ name: 'description', wants: 20, shorten: (full) => full.replace(' + bias', '') },
			{ name: 'nodes', align: 'right', spare: 2 },
			{ name: 'flops', align: 'right', spare: 1 },
			{ name: 'params', align: 'right' },
		],
		rows: [['convolution', 'Conv2D 3×3 → 16 + bias + Relu', 1234567, 1234567, 123]],
	};

	it('are left out before a text gets fewer characters than it wants, the largest number first', () => {
		expect(fitTable(layers, 90, 10).hiddenColumns).toEqual([]);
		expect(fitTable(layers, 64, 10).hiddenColumns).toEqual(['nodes']);
		expect(fitTable(layers, 54, 10).hiddenColumns).toEqual(['nodes', 'flops']);
		expect(fitTable(layers, 30, 10).hiddenColumns).not.toContain('params');
	});

	it('and a text is said in fewer characters before it is cut', () => {
		const narrow = fitTable(layers, 50, 10);
		expect(narrow.rows[0]!.slice(0, 2)).toEqual(['convolution', 'Conv2D 3×3 → 16 + Relu']);
		const width = narrow.columns.reduce((sum, column) => sum + column.width + 3, 1);
		expect(width).toBeLessThanOrEqual(50);
	});
});

describe('colours', () => {
	it('follow the theme, NO_COLOR and the terminal', () => {
		expect(themeOf('auto', { NO_COLOR: '1' })).toBe('none');
		expect(themeOf('dark', { TERM: 'dumb' })).toBe('none');
		expect(themeOf('auto', { COLORFGBG: '0;15' })).toBe('light');
		expect(themeOf('auto', {})).toBe('dark');
		expect(themeOf('light', {})).toBe('light');
	});

	it('are there with a theme and not without', () => {
		const line = [span('−50', 'good')];
		expect(painter('dark').line(line)).toBe('\x1b[32m−50\x1b[39m');
		expect(painter('none').line(line)).toBe('−50');
	});

	it('never let control characters of a name through', () => {
		for (const theme of ['dark', 'light', 'none'] as const) {
			const [line] = paintBlock(text([span('a\x1b[2J\u202eb', 'name')]), painter(theme), 80);
			expect(line).toContain('a\\x1b[2J\\u202eb');
		}
	});
});

describe('long text', () => {
	it('is folded in the middle', () => {
		const lines = Array.from({ length: 100 }, (_line, i) => `line ${i}`);
		const folded = foldLines(lines, 10, painter('none'));
		expect(folded).toHaveLength(10);
		expect(folded.join('\n')).toContain('… 91 lines more');
		expect(foldLines(lines.slice(0, 10), 10, painter('none'))).toEqual(lines.slice(0, 10));
	});
});

describe('the names of a column', () => {
	const names = [
		'functional_2/dense_1/Tensordot/MatMul',
		'functional_2/dense_2/Tensordot/MatMul',
		'functional_2/out/MatMul',
	];

	it('go without the scopes that all of them share', () => {
		expect(cutNames(names, 28)).toEqual([
			'…/dense_1/Tensordot/MatMul',
			'…/dense_2/Tensordot/MatMul',
			'functional_2/out/MatMul',
		]);
		expect(cutNames(names, 40)).toEqual(names);
	});

	it('go without more when they would look alike', () => {
		const deep = [
			'net/a/stage/unit_1/convolution',
			'net/a/stage/unit_2/convolution',
			'net/b/last_convolution',
		];
		expect(cutNames(deep, 20)).toEqual([
			'…/unit_1/convolution',
			'…/unit_2/convolution',
			'…/b/last_convolution',
		]);
	});

	it('fit and stay as many', () => {
		fc.assert(
			fc.property(fc.array(fc.string()), fc.integer({ min: 1, max: 30 }), (texts, width) => {
				const cut = cutNames(texts, width);
				expect(cut).toHaveLength(texts.length);
				for (const text of cut) expect(stringWidth(text)).toBeLessThanOrEqual(width);
			}),
		);
	});
});
