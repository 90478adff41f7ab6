/** The texts of a file's nodes, each made a string once: an input names a node that mostly stands shortly before. */
import { decodeText, hashOfBytes } from './text.ts';

const FEWEST = 1 << 8;
const MOST = 1 << 13;

export class TextTable {
	readonly #bytes: Uint8Array;
	/** By a hash of their bytes, the last one met counts: texts, and where each lies. */
	readonly #texts: (string | undefined)[];
	readonly #starts: Int32Array;
	readonly #ends: Int32Array;
	readonly #common = new Map<string, string>();

	/** @param bytes that all texts lie in. */
	constructor(bytes: Uint8Array) {
		this.#bytes = bytes;
		let slots = FEWEST;
		while (slots < MOST && slots * 64 < bytes.length) slots *= 2;
		this.#texts = new Array<string | undefined>(slots);
		this.#starts = new Int32Array(slots);
		this.#ends = new Int32Array(slots);
	}

	/** The text at `[start, end)`; most of those that were met before are the very string. */
	read(start: number, end: number): string {
		const bytes = this.#bytes;
		const hash = hashOfBytes(bytes, start, end);
		const slot = (hash ^ (hash >>> 15)) & (this.#texts.length - 1);
		const known = this.#texts[slot];
		if (known !== undefined && this.#holds(slot, start, end)) return known;
		const text = decodeText(bytes, start, end);
		this.#texts[slot] = text;
		this.#starts[slot] = start;
		this.#ends[slot] = end;
		return text;
	}

	/** {@link read} for texts of which there are few: always the very string. */
	readCommon(start: number, end: number): string {
		const text = this.read(start, end);
		const known = this.#common.get(text);
		if (known !== undefined) return known;
		this.#common.set(text, text);
		return text;
	}

	#holds(slot: number, start: number, end: number): boolean {
		let at = this.#starts[slot]!;
		if (this.#ends[slot]! - at !== end - start) return false;
		for (let i = start; i < end; i++) if (this.#bytes[i] !== this.#bytes[at++]) return false;
		return true;
	}
}
