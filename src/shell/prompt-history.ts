/** The lines typed before, over all sessions of a person. */
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import fuzzysort from 'fuzzysort';

const KEPT = 5000;

export class PromptHistory {
	/** Oldest first. */
	readonly #lines: string[] = [];
	readonly #file: string | undefined;

	/** @param file where lines are kept, one JSON string a line; without it they are forgotten. */
	constructor(file?: string) {
		this.#file = file;
		if (file !== undefined) this.#lines.push(...load(file));
	}

	get lines(): readonly string[] {
		return this.#lines;
	}

	add(line: string): void {
		if (line.trim() === '' || line === this.#lines.at(-1)) return;
		this.#lines.push(line);
		if (this.#file === undefined) return;
		try {
			mkdirSync(dirname(this.#file), { recursive: true, mode: 0o700 });
			appendFileSync(this.#file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
		} catch {
			// A history that cannot be written is no reason to stop anybody's work.
		}
	}

	/**
	 * The nearest line before (`step` −1) or after (1) position `from` that begins with `prefix` and differs from `not`.
	 * @returns its position; undefined where there is none.
	 */
	find(prefix: string, from: number, step: -1 | 1, not: string): number | undefined {
		for (let i = from + step; i >= 0 && i < this.#lines.length; i += step) {
			const line = this.#lines[i]!;
			if (line.startsWith(prefix) && line !== not) return i;
		}
		return undefined;
	}

	/** What the newest line that goes on from `typed` adds to it; empty where there is none. */
	ghost(typed: string): string {
		if (typed === '') return '';
		const at = this.find(typed, this.#lines.length, -1, typed);
		return at === undefined ? '' : this.#lines[at]!.slice(typed.length);
	}

	/** The `index`-th best of the lines that hold the query's letters in order; the newest first where all fit alike. */
	search(query: string, index: number): string | undefined {
		const distinct = [...new Set(this.#lines.toReversed())];
		if (query === '') return distinct[index];
		const plain = distinct.filter((line) => line.toLowerCase().includes(query.toLowerCase()));
		if (index < plain.length) return plain[index];
		const rest = fuzzysort.go(
			query,
			distinct.filter((line) => !plain.includes(line)),
			{ limit: 50, threshold: 0 },
		);
		return rest[index - plain.length]?.target;
	}
}

function load(file: string): string[] {
	let text: string;
	try {
		text = readFileSync(file, 'utf8');
	} catch {
		return [];
	}
	const lines: string[] = [];
	for (const item of text.split('\n').slice(-KEPT)) {
		try {
			const line: unknown = JSON.parse(item);
			if (typeof line === 'string') lines.push(line);
		} catch {
			// The last line may be cut off.
		}
	}
	return lines;
}
