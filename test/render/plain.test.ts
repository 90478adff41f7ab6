import { describe, expect, it } from 'vitest';
import { WhittleError } from '../../src/graph/error.ts';
import { errorText } from '../../src/render/cell-text.ts';
import { renderPlain } from '../../src/render/plain.ts';
import { visible } from '../../src/render/visible.ts';
import type { Block } from '../../src/session/answer.ts';
import { span, text } from '../../src/session/answer.ts';

const plain = (...blocks: Block[]): string => renderPlain(blocks);

describe('renderPlain', () => {
	it('drops tones and keeps text', () => {
		expect(plain(text('a', [span('b', 'good'), span('c')]))).toBe('a\nbc\n');
	});

	it('aligns columns, numbers at the right, wide characters by their width', () => {
		const table: Block = {
			type: 'table',
			columns: [{ name: 'name' }, { name: 'params', align: 'right', format: 'count' }, { name: 'op' }],
			rows: [
				['卷积', 495860, 'Const'],
				['x', null, 'Relu'],
			],
		};
		expect(plain(table).split('\n')).toEqual([
			'name   params  op',
			'----  -------  -----',
			'卷积  495.86k  Const',
			'x              Relu',
			'',
		]);
	});

	it('formats numbers as the column says', () => {
		const column = (format: 'bytes' | 'percent' | 'number' | 'plain'): Block => ({
			type: 'table',
			columns: [{ name: 'x', format }],
			rows: [[0.25]],
		});
		const value = (block: Block): string => plain(block).split('\n')[2]!;
		expect(value(column('percent'))).toBe('25.0 %');
		expect(value(column('number'))).toBe('0.25');
		expect(plain({ type: 'table', columns: [{ name: 'x', format: 'bytes' }], rows: [[2004483]] })).toContain(
			'1.91 MiB',
		);
	});

	it('folds nothing: 5,000 rows are 5,000 lines', () => {
		const rows = Array.from({ length: 5000 }, (_, i) => [i]);
		expect(plain({ type: 'table', columns: [{ name: 'n' }], rows, total: 5000 }).split('\n')).toHaveLength(
			5003,
		);
	});

	it('draws trees, also deep ones', () => {
		const leaf = (label: string) => ({ label, children: [] });
		expect(
			plain({
				type: 'tree',
				items: [{ label: 'a', children: [{ label: 'b', children: [leaf('c')] }, leaf('d')] }],
			}),
		).toBe('a\n├─ b\n│  └─ c\n└─ d\n');
		let deep = leaf('end') as { label: string; children: { label: string; children: never[] }[] };
		for (let i = 0; i < 3000; i++) deep = { label: String(i), children: [deep as never] };
		expect(plain({ type: 'tree', items: [deep] }).split('\n')).toHaveLength(3002);
	});

	it('draws bars as long as their values', () => {
		const bars: Block = {
			type: 'bars',
			bars: [
				{ label: 'Const', value: 40, text: '40' },
				{ label: 'Add', value: 10, text: '10' },
			],
		};
		expect(plain(bars)).toBe(`Const  40  ${'█'.repeat(40)}\nAdd    10  ${'█'.repeat(10)}\n`);
	});

	it('marks the lines of a diff', () => {
		expect(
			plain({
				type: 'diff',
				lines: [
					{ mark: '-', text: 'a' },
					{ mark: '+', text: 'b' },
				],
			}),
		).toBe('- a\n+ b\n');
	});

	it('lets no control character of a model through', () => {
		const name = 'a\x1b[31mb\x07\u202ec\u0085';
		const shown = plain(text(name), { type: 'table', columns: [{ name: 'n' }], rows: [[name]] });
		expect(shown).toContain('a\\x1b[31mb\\x07\\u202ec\\x85');
		expect(shown.replaceAll('\n', '')).toBe(visible(shown.replaceAll('\n', '')));
	});

	it('shows nothing for no blocks', () => {
		expect(plain()).toBe('');
	});
});

describe('errorText', () => {
	it('names the line, points at the place, and says what to do', () => {
		const error = new WhittleError('usage', 'No such thing.', {
			hint: 'Try another.',
			span: { start: 5, length: 3 },
		});
		expect(errorText(error, 'find foo', 7)).toBe(
			'line 7: No such thing.\n  find foo\n       ^^^\n  Try another.\n',
		);
	});

	it('shows control characters of the message', () => {
		expect(errorText(new WhittleError('file', 'x\x1b[2J; gone'))).toBe('x\\x1b[2J; gone\n');
	});
});

it('an error of TensorFlow in two lines keeps them, indented by blanks', () => {
	const error = new WhittleError('transform', 'You must feed a value\n\t [[{{node x}}]]');
	expect(errorText(error)).toBe('You must feed a value\n  [[{{node x}}]]\n');
});
