/** Reads the one-line-a-node notation of `listing.ts`, so that tests and goldens can write small graphs as text. */
import { type AttrValue, AttrValueCodec } from '../../proto/codec.ts';
import { Attr } from './attr.ts';
import { DT_BFLOAT16, DT_BOOL, DT_HALF, DT_STRING, dtypeByName, dtypeStorage } from './dtype.ts';
import { WhittleError } from './error.ts';
import { Graph } from './graph.ts';
import { toBfloat16, toHalf } from './half.ts';
import { Node } from './node.ts';
import type { TensorData } from './tensor.ts';
import { allocate } from './tensor-data.ts';
import { decodeText } from './text.ts';

/**
 * The graph that a listing describes. Blank lines and `#` comments are left out. A constant with fewer values
 * than elements repeats its last one; tensors get `tensor_content`.
 * @throws WhittleError `usage` with the line's number.
 */
export function readListing(text: string): Graph {
	const nodes: Node[] = [];
	for (const [index, line] of text.split('\n').entries()) {
		if (/^\s*(#|$)/.test(line)) continue;
		nodes.push(new LineReader(line, index + 1).node());
	}
	return new Graph(nodes);
}

const WORD = /[A-Za-z0-9_.][\w./\\>-]*/y;
const INPUT = /\^?[A-Za-z0-9_.][\w./\\>-]*(?::\d+)?/y;
const NUMBER = /-?(?:inf|nan|\d[\d.]*(?:e[+-]?\d+)?)/y;
const STRING = /"((?:[^"\\]|\\.)*)"/y;
const DIMS = /\[([\d,?-]*)\]/y;
const SPACE = /\s*/y;

class LineReader {
	readonly #line: string;
	readonly #number: number;
	#at = 0;

	constructor(line: string, number: number) {
		this.#line = line;
		this.#number = number;
	}

	node(): Node {
		const name = this.#word();
		this.#expect('=');
		const op = this.#word();
		const inputs = this.#take('(') ? this.#until(')', () => this.#quoted() ?? this.#match(INPUT)) : [];
		const device = this.#take('@') ? (this.#quoted() ?? '') : '';
		const attrs = this.#take('{') ? this.#attrs() : new Map<string, Attr>();
		if (this.#peek() !== '') this.#fail('what follows is no part of a node');
		return Node.of({ name, op, inputs, device, attrs });
	}

	#attrs(): Map<string, Attr> {
		const entries = this.#until('}', (): [string, Attr] => {
			const name = this.#word();
			this.#expect(':');
			return [name, this.#value()];
		});
		return new Map(entries);
	}

	#value(): Attr {
		if (this.#take('[')) return listOf(this.#until(']', () => this.#value()));
		if (this.#peek() === '"') return new Attr(AttrValueCodec.encode({ s: bytesOf(this.#quotedText()!) }));
		if (this.#take('$')) return Attr.of({ placeholder: this.#word() });
		if (this.#take('&')) {
			const name = this.#word();
			const attrs = this.#take('{') ? this.#attrs() : new Map<string, Attr>();
			return Attr.of({
				func: { name, attr: Object.fromEntries([...attrs].map(([key, attr]) => [key, attr.value])) },
			});
		}
		const number = this.#try(NUMBER);
		if (number !== undefined) return /^-?\d+$/.test(number) ? Attr.int(BigInt(number)) : floatAttr(number);
		return this.#named();
	}

	/** `true`, `shape[…]`, a type, or a tensor that begins with its type. */
	#named(): Attr {
		const name = this.#word();
		if (name === 'true' || name === 'false') return Attr.bool(name === 'true');
		if (name === 'none') return new Attr(new Uint8Array(0));
		if (name === 'shape') return this.#take('?') ? Attr.shape(null) : Attr.shape(this.#dims());
		let dtype = dtypeByName(name);
		if (name === 'type' && this.#take('(')) {
			dtype = Number(this.#match(NUMBER));
			this.#expect(')');
		}
		if (dtype === undefined) this.#fail(`\`${name}\` is no type and no value`);
		if (this.#line[this.#at] !== '[') return Attr.type(dtype!);
		const shape = this.#dims();
		return Attr.tensor({ dtype: dtype!, shape, data: this.#data(dtype!, shape) });
	}

	#data(dtype: number, shape: readonly number[]): TensorData {
		const elements = shape.reduce((product, size) => product * size, 1);
		if (/^\s*(#|invalid)/.test(this.#line.slice(this.#at))) this.#fail('a shortened constant has no values');
		if (dtype === DT_STRING) {
			const texts: Uint8Array[] = [];
			while (this.#peek() === '"') texts.push(bytesOf(this.#quotedText()!));
			return Array.from({ length: elements }, (_, i) => texts[Math.min(i, texts.length - 1)] ?? bytesOf(''));
		}
		const texts = this.#numbers(dtype);
		const data = allocate(dtype, elements) as { [i: number]: number | bigint; length: number };
		for (let i = 0; i < data.length && texts.length > 0; i++) {
			const last = dtypeStorage(dtype).startsWith('complex') ? texts.length - 2 + (i % 2) : texts.length - 1;
			data[i] = numberOf(dtype, texts[Math.min(i, last)]!);
		}
		return data as unknown as TensorData;
	}

	#numbers(dtype: number): string[] {
		const texts: string[] = [];
		for (;;) {
			if (dtypeStorage(dtype).startsWith('complex')) {
				if (!this.#take('(')) return texts;
				texts.push(...this.#until(')', () => this.#match(NUMBER)));
				continue;
			}
			const text = this.#try(dtype === DT_BOOL ? /true|false/y : NUMBER);
			if (text === undefined) return texts;
			texts.push(text);
		}
	}

	#dims(): number[] {
		const dims = this.#match(DIMS).slice(1, -1);
		return dims === '' ? [] : dims.split(',').map((size) => (size === '?' ? -1 : Number(size)));
	}

	#word(): string {
		return this.#quoted() ?? this.#match(WORD);
	}

	#quoted(): string | undefined {
		const text = this.#quotedText();
		return text === undefined ? undefined : decodeText(bytesOf(text));
	}

	#quotedText(): string | undefined {
		return this.#try(STRING)?.slice(1, -1);
	}

	/** Items with commas between them, up to `close`. */
	#until<T>(close: string, item: () => T): T[] {
		const items: T[] = [];
		while (!this.#take(close)) {
			items.push(item());
			if (!this.#take(',') && this.#peek() !== close) this.#fail(`expected \`,\` or \`${close}\``);
		}
		return items;
	}

	#peek(): string {
		SPACE.lastIndex = this.#at;
		SPACE.exec(this.#line);
		this.#at = SPACE.lastIndex;
		return this.#line[this.#at] ?? '';
	}

	#take(symbol: string): boolean {
		if (this.#peek() !== symbol) return false;
		this.#at++;
		return true;
	}

	#expect(symbol: string): void {
		if (!this.#take(symbol)) this.#fail(`expected \`${symbol}\``);
	}

	#try(pattern: RegExp): string | undefined {
		this.#peek();
		pattern.lastIndex = this.#at;
		const match = pattern.exec(this.#line);
		if (match) this.#at = pattern.lastIndex;
		return match?.[0];
	}

	#match(pattern: RegExp): string {
		return this.#try(pattern) ?? this.#fail('expected a name or a number');
	}

	#fail(what: string): never {
		throw new WhittleError('usage', `Line ${this.#number}, column ${this.#at + 1}: ${what}.`);
	}
}

function numberOf(dtype: number, text: string): number | bigint {
	const storage = dtypeStorage(dtype);
	if (storage === 'int64' || storage === 'uint64') return BigInt(text);
	if (dtype === DT_BOOL) return text === 'true' ? 1 : 0;
	const value = realOf(text);
	if (dtype === DT_HALF) return toHalf(value);
	return dtype === DT_BFLOAT16 ? toBfloat16(value) : value;
}

function realOf(text: string): number {
	return Number(text.replace('inf', 'Infinity').replace(/^-?nan$/, 'NaN'));
}

function floatAttr(text: string): Attr {
	return Attr.float(realOf(text));
}

/** A list attribute whose items have one kind. */
function listOf(items: readonly Attr[]): Attr {
	const list: { [kind: string]: unknown[] } = {};
	for (const { kind, value } of items) {
		list[kind] ??= [];
		list[kind].push(value[kind as keyof AttrValue]);
	}
	return Attr.of({ list });
}

/** The bytes behind C escapes. */
function bytesOf(text: string): Uint8Array {
	const named: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9 };
	const bytes: number[] = [];
	for (const [match, escaped] of text.matchAll(/\\([0-7]{3}|.)|[^\\]/gu)) {
		if (escaped === undefined) bytes.push(...Buffer.from(match));
		else if (escaped.length === 3) bytes.push(Number.parseInt(escaped, 8));
		else bytes.push(named[escaped] ?? escaped.charCodeAt(0));
	}
	return Uint8Array.from(bytes);
}
