import { describe, expect, it } from 'vitest';
import type { Completion } from '../../src/commands/complete.ts';
import { KeyReader } from '../../src/shell/keypress.ts';
import { actionOf, keyBindings, keyName } from '../../src/shell/keys.ts';
import { PromptHistory } from '../../src/shell/prompt-history.ts';
import {
	type Effect,
	emptyPrompt,
	ghostOf,
	goesOn,
	type PromptState,
	type PromptWorld,
	reducePrompt,
} from '../../src/shell/prompt-model.ts';

/** Completes words that begin with `fold` or `find`. */
function complete(text: string, cursor: number): Completion | undefined {
	const word = /[a-z_]*$/.exec(text.slice(0, cursor))![0];
	const items = ['find', 'fold_batch_norms', 'fold_constants']
		.filter((item) => word !== '' && item.startsWith(word))
		.map((item) => ({ text: item, summary: '' }));
	return { start: cursor - word.length, end: cursor, items };
}

class Prompt {
	state: PromptState = emptyPrompt;
	readonly effects: Effect[] = [];
	readonly world: PromptWorld;
	readonly #reader = new KeyReader();

	constructor(lines: readonly string[] = [], offers: readonly string[] = []) {
		const history = new PromptHistory();
		for (const line of lines) history.add(line);
		this.world = { history, offers, complete };
	}

	/** Types what a terminal would send. */
	type(...chunks: string[]): this {
		for (const chunk of chunks) {
			for (const event of [...this.#reader.push(chunk), ...this.#reader.flush()]) {
				const { state, effect } = reducePrompt(this.state, event, this.world);
				this.state = state;
				if (effect) this.effects.push(effect);
			}
		}
		return this;
	}

	get text(): string {
		return this.state.buffer.text;
	}

	get candidates(): string[] {
		return (this.state.list?.completion.items ?? []).map((item) => item.text);
	}
}

describe('the candidates', () => {
	it('come as one types; Enter takes the line as typed all the same', () => {
		const prompt = new Prompt().type('fold');
		expect(prompt.candidates).toEqual(['fold_batch_norms', 'fold_constants']);
		prompt.type('\r');
		expect(prompt.effects).toEqual([{ type: 'submit', line: 'fold' }]);
		expect(prompt.text).toBe('');
	});

	it('are taken in turn by Tab, and backwards', () => {
		const prompt = new Prompt().type('fold', '\t');
		expect(prompt.text).toBe('fold_batch_norms');
		expect(prompt.type('\t').text).toBe('fold_constants');
		expect(prompt.type('\t').text).toBe('fold_batch_norms');
		expect(prompt.type('\x1b[Z').text).toBe('fold_constants');
		expect(prompt.type('\x1f').text).toBe('fold');
	});

	it('take the place of the word only', () => {
		const prompt = new Prompt().type('(fi)', '\x1b[D', '\t');
		expect(prompt.text).toBe('(find)');
		expect(prompt.state.buffer.cursor).toBe(5);
	});

	it('go with Escape, which then does what it else does', () => {
		const prompt = new Prompt().type('fold', '\x1b');
		expect(prompt.candidates).toEqual([]);
		expect(prompt.text).toBe('fold');
		expect(prompt.type('\x1b').effects).toEqual([{ type: 'dismiss' }]);
	});
});

describe('the lines before', () => {
	const lines = ['find op:Conv2D', 'counts', 'find op:Relu'];

	it('come with the arrows, those that begin alike', () => {
		const prompt = new Prompt(lines).type('find', '\x1b', '\x1b[A');
		expect(prompt.text).toBe('find op:Relu');
		expect(prompt.type('\x1b[A').text).toBe('find op:Conv2D');
		expect(prompt.type('\x1b[A').text).toBe('find op:Conv2D');
		expect(prompt.type('\x1b[B', '\x1b[B').text).toBe('find');
	});

	it('stand grey behind the cursor, and are taken with the right arrow or End', () => {
		const prompt = new Prompt(lines).type('find op:C');
		expect(ghostOf(prompt.state, prompt.world)).toBe('onv2D');
		expect(prompt.type('\x1b[C').text).toBe('find op:Conv2D');
		expect(new Prompt(lines).type('cou', '\x1b[F').text).toBe('counts');
		const inside = new Prompt(lines).type('find op:C', '\x1b[D');
		expect(ghostOf(inside.state, inside.world)).toBe('');
	});

	it('are searched with Ctrl-R: again goes further back, Escape gives the line back', () => {
		const prompt = new Prompt(lines).type('abc', '\x12', 'op');
		expect(prompt.text).toBe('find op:Relu');
		expect(prompt.type('\x12').text).toBe('find op:Conv2D');
		expect(prompt.type('\x1b').text).toBe('abc');
		expect(new Prompt(lines).type('\x12', 'cnts', '\r').effects).toEqual([
			{ type: 'submit', line: 'counts' },
		]);
	});
});

describe('other keys', () => {
	it('a digit on an empty line takes an offered line, elsewhere it is a digit', () => {
		const offers = ['summary', 'undo'];
		expect(new Prompt([], offers).type('2').text).toBe('undo');
		expect(new Prompt([], offers).type('3').text).toBe('3');
		expect(new Prompt([], offers).type('a', '2').text).toBe('a2');
	});

	it('Ctrl-C clears the line and stays, Ctrl-D leaves from an empty one only', () => {
		const prompt = new Prompt().type('abc', '\x03');
		expect(prompt.text).toBe('');
		expect(prompt.effects).toEqual([{ type: 'interrupt' }]);
		expect(new Prompt().type('ab', '\x01', '\x04').text).toBe('b');
		expect(new Prompt().type('\x04').effects).toEqual([{ type: 'leave' }]);
	});

	it('a paste never submits; its Enter comes after it', () => {
		const prompt = new Prompt().type('\x1b[200~one\rtwo\x1b[201~');
		expect(prompt.text).toBe('one\ntwo');
		expect(prompt.effects).toEqual([]);
	});

	it('Enter goes on with a line that is not finished', () => {
		expect(new Prompt().type('find op:Conv2D \\', '\r').text).toBe('find op:Conv2D \\\n');
		expect(goesOn("--transforms='remove_nodes")).toBe(true);
		expect(goesOn("--transforms='remove_nodes'")).toBe(false);
		expect(goesOn('rename_node(old_name="a')).toBe(true);
		expect(goesOn("it isn't quoted")).toBe(false);
	});
});

describe('the key table', () => {
	it('gives every key one meaning', () => {
		const keys = keyBindings.flatMap((binding) => binding.keys);
		expect(new Set(keys).size).toBe(keys.length);
		expect(actionOf('ctrl+r')).toBe('search');
		expect(keyName('ctrl+alt+left')).toBe('Ctrl-Alt-Left');
	});
});
