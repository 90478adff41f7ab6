import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WhittleError } from '../../src/graph/error.ts';
import { History } from '../../src/session/history.ts';
import { transformByName } from '../../src/transforms/index.ts';
import { runTransform } from '../../src/transforms/run.ts';
import { smallModel } from '../commands/models.ts';

const noEnds = { inputs: [], outputs: [], inputsChosen: false, outputsChosen: false };
const invocation = { name: 'remove_device', params: new Map(), start: 0, end: 13 };

function fresh(): History {
	return new History({ input: 'open x', graph: smallModel(), endpoints: noEnds });
}

function grow(history: History): void {
	const result = runTransform(history.current.graph, transformByName('remove_device')!, new Map(), noEnds);
	history.add({ input: 'remove_device', graph: result.graph, invocation, result });
}

/** A move, with a number for those that take one. */
const move = fc.tuple(fc.constantFrom('add', 'undo', 'redo', 'goto'), fc.nat(4));

function play(history: History, moves: readonly (readonly [string, number])[]): void {
	for (const [kind, n] of moves) {
		if (kind === 'add') grow(history);
		else if (kind === 'undo') history.undo(n);
		else if (kind === 'redo') history.redo(n);
		else history.goto(n % history.steps.length);
	}
}

describe('History', () => {
	it('loses no step and changes no graph, whatever is done', () => {
		fc.assert(
			fc.property(fc.array(move, { maxLength: 30 }), fc.array(move, { maxLength: 30 }), (before, after) => {
				const history = fresh();
				play(history, before);
				const steps = history.steps.map(({ id, parent, graph }) => ({ id, parent, graph }));
				play(history, after);
				for (const { id, parent, graph } of steps) {
					expect(history.step(id).parent).toBe(parent);
					expect(history.step(id).graph).toBe(graph);
				}
			}),
		);
	});

	it('redo takes back undo, and undo takes back redo', () => {
		fc.assert(
			fc.property(fc.array(move, { maxLength: 30 }), fc.nat(6), (moves, n) => {
				const history = fresh();
				play(history, moves);
				const here = history.current.id;
				expect(history.redo(history.undo(n))).toBeLessThanOrEqual(n);
				expect(history.current.id).toBe(here);
				history.undo(history.redo(n));
				expect(history.current.id).toBe(here);
			}),
		);
	});

	it('goto brings a whole branch within reach of undo and redo', () => {
		fc.assert(
			fc.property(fc.array(move, { maxLength: 30 }), fc.nat(), (moves, pick) => {
				const history = fresh();
				play(history, moves);
				const target = pick % history.steps.length;
				history.goto(target);
				const path = history.pathTo().map((step) => step.id);
				expect(history.undo(1000)).toBe(path.length - 1);
				expect(history.redo(path.length - 1)).toBe(path.length - 1);
				expect(history.current.id).toBe(target);
			}),
		);
	});

	it('a step made after an undo opens a branch', () => {
		const history = fresh();
		grow(history);
		history.undo();
		grow(history);
		expect([...history.children().get(0)!]).toEqual([1, 2]);
		expect(history.canRedo).toBe(false);
	});

	it('finds steps by number and label', () => {
		const history = fresh();
		grow(history);
		history.label(1, 'cleaned');
		expect(history.find('#1').id).toBe(1);
		expect(history.find('cleaned').id).toBe(1);
		const hintOf = (word: string): string | undefined => {
			try {
				history.find(word);
				return undefined;
			} catch (error) {
				return (error as WhittleError).hint;
			}
		};
		expect(hintOf('cleand')).toBe('Did you mean cleaned?');
		expect(hintOf('7')).toContain('0 to 1');
	});

	it('keeps inputs and outputs with the step where they were set', () => {
		const history = fresh();
		history.setEndpoints({ inputs: ['a'], inputsChosen: true });
		grow(history);
		history.setEndpoints({ inputs: ['b'] });
		grow(history);
		expect(history.current.inputs).toEqual(['b']);
		history.undo(2);
		expect(history.current.endpoints.inputs).toEqual(['a']);
		history.redo(2);
		expect(history.current.endpoints.inputs).toEqual(['b']);
		expect(history.step(1).inputs).toEqual(['a']);
	});
});
