/**
 * Compares whittle with the live C++ tool on random graphs and random lists of transforms.
 *
 *     WHITTLE_PYTHON=… npm run oracle -- --count 1000 --seed 1 --transforms remove_nodes,strip_unused_nodes
 *
 * Needs a Python that has TensorFlow 2.21; without one it says so and does nothing. A difference is printed with its
 * seed, made small: `--seed N --count 1` brings it back.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readGraphDef, serializeGraphDef } from '../../src/formats/graph-def.ts';
import { WhittleError } from '../../src/graph/error.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { mulberry32 } from '../../src/graph/random.ts';
import { goldenNode } from '../goldens/golden-form.ts';
import { runTransforms } from '../goldens/run-transforms.ts';
import { choices } from './choices.ts';
import { type Difference, differenceFrom, isListed } from './compare.ts';
import { minMaxLog } from './min-max-log.ts';
import { type GraphKind, mixedGraph } from './mixed-graph.ts';
import { generators, LOG_FILE, randomInvocation } from './random-invocation.ts';
import { type Case, shrink } from './shrink.ts';
import { Tool, type ToolAnswer } from './tool.ts';

const { values: options } = parseArgs({
	options: {
		count: { type: 'string', default: '1000' },
		seed: { type: 'string', default: '1' },
		/** Draw from these transforms; from all unless given. */
		transforms: { type: 'string' },
		/** One kind of graph: any, patterns, foldable, mixed. */
		graphs: { type: 'string' },
		/** How many transforms a list has at most. */
		longest: { type: 'string', default: '4' },
		/** How often odd things come up: cycles, unknown inputs and ops. */
		odd: { type: 'string', default: '0.02' },
		/** How often a name stands twice. */
		twins: { type: 'string', default: '0' },
		/** Print so many differences. */
		show: { type: 'string', default: '10' },
		/** Ask the tool at most so often to make a difference small. */
		shrink: { type: 'string', default: '300' },
	},
});

const python = process.env.WHITTLE_PYTHON;
if (!python) {
	console.log('WHITTLE_PYTHON names no Python with TensorFlow: nothing was compared.');
	process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), 'whittle-oracle-'));
const tool = new Tool(python, folder);
const counts = { graphs: 0, errors: 0, crashes: 0, timeouts: 0, differences: 0, lastBits: 0, chance: 0 };
/** By transform: how often it came to an end, and how often it changed the graph. */
const steps = new Map(Object.keys(generators).map((name) => [name, { ran: 0, changed: 0 }]));
const AGAIN = 12;
const first = Number(options.seed);
for (let seed = first; seed < first + Number(options.count); seed++) await compareOne(seed);
tool.stop();
rmSync(folder, { recursive: true });
printCounts();
process.exitCode = counts.differences > 0 ? 1 : 0;

async function compareOne(seed: number): Promise<void> {
	const tried = randomCase(seed);
	const { answer, difference } = await compare(tried, countStep);
	counts.graphs++;
	if ('error' in answer) counts.errors++;
	if ('crash' in answer) counts.crashes++;
	if ('timeout' in answer) counts.timeouts++;
	if (!difference) return;
	if (isListed(difference) || (await isChance(tried))) {
		counts.chance++;
		return;
	}
	if (difference.inLastBits) counts.lastBits++;
	else counts.differences++;
	if (counts.differences + counts.lastBits > Number(options.show)) return;
	const fails = async (smaller: Case): Promise<boolean> =>
		(await compare(smaller)).difference?.kind === difference.kind;
	const small = await shrink(tried, fails, Number(options.shrink));
	print(seed, tried, small, (await compare(small)).difference ?? difference);
}

/** Whether the tool itself answers differently from one time to another, now and then as whittle does. */
async function isChance(tried: Case): Promise<boolean> {
	for (let times = 0; times < AGAIN; times++) if (!(await compare(tried)).difference) return true;
	return false;
}

function randomCase(seed: number): Case {
	const random = mulberry32(seed);
	const pick = choices(random);
	const odd = pick.chance(0.5) ? 0 : Number(options.odd);
	const oddness = {
		cycles: odd,
		unknownInputs: odd / 2,
		unknownOps: odd,
		duplicateNames: Number(options.twins),
	};
	const { graph, inputs, outputs } = mixedGraph(random, oddness, options.graphs as GraphKind | undefined);
	writeFileSync(join(folder, LOG_FILE), minMaxLog(pick, graph));
	const among = options.transforms?.split(',') ?? Object.keys(generators);
	const longest = Number(options.longest);
	return { graph, invocation: randomInvocation(random, graph, among, longest, { inputs, outputs }) };
}

type OnStep = (name: string, before: Graph, after: Graph) => void;

async function compare(
	{ graph, invocation }: Case,
	onStep?: OnStep,
): Promise<{ answer: ToolAnswer; difference: Difference | undefined }> {
	const bytes = serializeGraphDef(graph);
	const asked = tool.ask(bytes, invocation);
	let mine: Graph | WhittleError | Error;
	try {
		mine = runTransforms(
			readGraphDef(bytes),
			invocation,
			(path) => readFileSync(resolve(folder, path)),
			onStep,
		);
	} catch (error) {
		mine = error as Error;
	}
	const answer = await asked;
	if (mine instanceof Error && !(mine instanceof WhittleError))
		return { answer, difference: { kind: 'internal', text: `whittle failed: ${mine.stack}` } };
	return { answer, difference: differenceFrom(answer, mine) };
}

function countStep(name: string, before: Graph, after: Graph): void {
	const step = steps.get(name)!;
	step.ran++;
	const same =
		before.nodes.length === after.nodes.length &&
		before.nodes.every((node, i) => {
			const other = after.nodes[i]!;
			return node === other || JSON.stringify(goldenNode(node)) === JSON.stringify(goldenNode(other));
		});
	if (!same) step.changed++;
}

function print(seed: number, whole: Case, { graph, invocation }: Case, { text }: Difference): void {
	console.log(`\nseed ${seed}: ${JSON.stringify(whole.invocation)}`);
	console.log(`  made small: ${JSON.stringify(invocation)}\n  ${text}`);
	for (const node of graph.nodes) {
		const { name, op, inputs } = node;
		const device = node.device ? ` @${node.device}` : '';
		console.log(`    ${name} = ${op}(${inputs.join(', ')})${device} ${attrText(node)}`);
	}
}

function attrText(node: Graph['nodes'][number]): string {
	const text = JSON.stringify(goldenNode(node).attr ?? {});
	return text.replaceAll(/"sha256":"[0-9a-f]*",?/g, '');
}

function printCounts(): void {
	const { graphs, errors, crashes, timeouts, differences, lastBits, chance } = counts;
	console.log(
		`${graphs} graphs from seed ${first}: ${differences} differences, ${lastBits} more in the last bits of floats; ` +
			`on ${chance} the tool leaves the answer to chance; ` +
			`the tool stopped with an error on ${errors}, died on ${crashes}, did not end on ${timeouts}`,
	);
	for (const [name, { ran, changed }] of steps)
		if (ran > 0) console.log(`  ${name.padEnd(32)} ran ${ran}, changed the graph ${changed}`);
}
