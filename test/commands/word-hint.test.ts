import { beforeAll, describe, expect, it } from 'vitest';
import { buildMtcnn } from '../../src/models/mtcnn.ts';
import { smallModel } from './models.ts';
import { TestShell } from './shell.ts';

/** What a newcomer types before the words are known. */
describe('a first word that is no command', () => {
	const shell = new TestShell({ 'm.pb': buildMtcnn() });
	beforeAll(() => shell.run('open m.pb'));

	it.each([
		['Conv2D', 'It is an op type of this graph: `find op:Conv2D`.'],
		['pnet/conv1/Conv2D', 'It is a node: `show pnet/conv1/Conv2D`.'],
		['pnet', 'It is a scope: `ls pnet`.'],
		['conv1', 'Names of nodes have it: `find conv1`.'],
		['0', '`goto 0` goes to step 0.'],
		['12', '`help` lists all words.'],
		['Summary', 'Did you mean summary?'],
		['sumary', 'Did you mean summary?'],
		['xyzzy', '`help` lists all words.'],
	])('%s', async (word, hint) => expect((await shell.error(word)).hint).toBe(hint));

	it('is answered without a model, too', async () => {
		const empty = new TestShell();
		expect((await empty.error('Conv2D')).hint).toBe('`help` lists all words.');
	});
});

describe('mistakes are shown at their place', () => {
	const shell = new TestShell({ 'm.pb': buildMtcnn() });
	beforeAll(() => shell.run('open m.pb'));
	const marked = async (line: string): Promise<string> => {
		const { span } = await shell.error(line);
		return line.slice(span!.start, span!.start + span!.length);
	};

	it.each([
		['preview fold_constnats', 'fold_constnats'],
		['why fold_foo', 'fold_foo'],
		['preview remove_nodes(op=Identity, opp=x)', 'opp'],
	])('%s', async (line, place) => expect(await marked(line)).toBe(place));

	it('a port that a node does not have', async () => {
		const error = await shell.error('eval pnet/prob1:7');
		expect([error.message, error.hint]).toEqual([
			'`pnet/prob1` has no output 7.',
			'It has one: pnet/prob1:0.',
		]);
	});

	it('a value that is none', async () => {
		expect((await shell.error('feed pnet/input=banana')).message).toBe('`banana` is no value, and no file.');
	});
});

describe('suggestions', () => {
	it('do not repeat what was just done, and hold nothing to be filled in', async () => {
		const shell = new TestShell({ 'm.pb': buildMtcnn() });
		await shell.run('open m.pb');
		for (const word of ['show', 'in', 'eval', 'feed', 'path', 'query', 'help', 'inputs']) {
			const { answer } = await shell.run(`help ${word}`);
			for (const next of answer.next ?? []) {
				expect(next).not.toMatch(/\b[A-Z]{4,}\b/);
				expect(next).not.toBe(`help ${word}`);
			}
		}
	});

	it('name no nodes of another model', async () => {
		const shell = new TestShell({ 'small.pb': smallModel() });
		await shell.run('open small.pb');
		expect((await shell.run('help path')).answer.next).toEqual([]);
		expect((await shell.run('help flops')).answer.next).toEqual([
			'flops',
			'flops --by scope --depth 2',
			'flops | head 20',
		]);
	});
});
