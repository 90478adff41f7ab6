/**
 * Compares whittle with the live C++ tool on random graphs and random lists of transforms.
 *
 *     WHITTLE_PYTHON=… npm run oracle -- --count 1000 --seed 1 --transforms remove_nodes,strip_unused_nodes
 *
 * Needs a Python that has TensorFlow 2.21; without one it says so and does nothing.
 */
import { parseArgs } from 'node:util';
import { readGraphDef, serializeGraphDef } from '../../src/formats/graph-def.ts';
import { WhittleError } from '../../src/graph/error.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { mulberry32 } from '../../src/graph/random.ts';
import { differenceOf } from '../goldens/difference.ts';
import { goldenNode, goldenVersions, type Json } from '../goldens/golden-form.ts';
import { type Invocation, runTransforms, withoutHost } from '../goldens/run-transforms.ts';
import { patternGraph } from './pattern-graph.ts';
import { patternGenerators } from './pattern-invocation.ts';
import { randomGraph } from './random-graph.ts';
import { generators, randomInvocation } from './random-invocation.ts';
import { Tool, type ToolAnswer } from './tool.ts';

const { values: options } = parseArgs({
	options: {
		count: { type: 'string', default: '1000' },
		seed: { type: 'string', default: '1' },
		transforms: { type: 'string' },
		/** `patterns`: graphs out of what the pattern transforms look for. */
		graphs: { type: 'string', default: 'any' },
		/** How many transforms a list has at most. */
		longest: { type: 'string', default: '3' },
		/** How often odd things come up: cycles, unknown inputs and ops. */
		odd: { type: 'string', default: '0.02' },
		/** How often a name stands twice. */
		twins: { type: 'string', default: '0' },
		/** Print so many differences. */
		show: { type: 'string', default: '10' },
	},
});

function differenceFrom(answer: ToolAnswer, mine: Graph | WhittleError): string | undefined {
	if ('error' in answer) {
		const message = mine instanceof WhittleError ? mine.message : 'a graph';
		const [expected, actual] = [answer.error, message].map(withoutHost);
		return expected === actual ? undefined : `expected the error\n    ${expected}\n  got\n    ${actual}`;
	}
	// Where the tool dies or hangs, anything that comes to an end is right.
	if (!('graph' in answer)) return undefined;
	if (mine instanceof WhittleError) return `expected a graph, got the error\n    ${mine.message}`;
	const expected = readGraphDef(answer.graph);
	const [names, others] = [expected, mine].map((graph) => graph.nodes.map((node) => node.name).join(' '));
	if (names !== others) return `expected the nodes\n    ${names}\n  got\n    ${others}`;
	for (let i = 0; i < expected.nodes.length; i++) {
		const [right, left] = [expected, mine].map((graph) => goldenNode(graph.nodes[i]!) as Json);
		const found = differenceOf(right!, left!, false);
		if (found) return `node ${i} \`${expected.nodes[i]!.name}\`${found}`;
	}
	const found = differenceOf(goldenVersions(expected) as Json, goldenVersions(mine) as Json, false);
	return found && `versions${found}`;
}

function report(seed: number, invocation: Invocation, graph: Graph, difference: string): void {
	console.log(`\nseed ${seed}: ${JSON.stringify(invocation)}\n  ${difference}`);
	for (const node of graph.nodes)
		console.log(
			`    ${node.name}:${node.op}(${node.inputs.join(', ')}) ${JSON.stringify(goldenNode(node).attr ?? {})}`,
		);
}

const python = process.env.WHITTLE_PYTHON;
if (!python) {
	console.log('WHITTLE_PYTHON names no Python with TensorFlow: nothing was compared.');
	process.exit(0);
}
const ofPatterns = options.graphs === 'patterns';
const among = options.transforms?.split(',') ?? Object.keys(ofPatterns ? patternGenerators : generators);
const tool = new Tool(python);
const counts = { graphs: 0, errors: 0, crashes: 0, differences: 0 };
const first = Number(options.seed);
for (let seed = first; seed < first + Number(options.count); seed++) {
	const random = mulberry32(seed);
	const odd = random() < 0.5 ? 0 : Number(options.odd);
	const oddness = {
		cycles: odd,
		unknownInputs: odd / 2,
		unknownOps: odd,
		duplicateNames: Number(options.twins),
	};
	const graph = ofPatterns ? patternGraph(random) : randomGraph(random, oddness);
	const invocation = randomInvocation(random, graph, among, Number(options.longest));
	const bytes = serializeGraphDef(graph);
	const answer = await tool.ask(bytes, invocation);
	const mine = runTransforms(readGraphDef(bytes), invocation);
	counts.graphs++;
	if ('error' in answer) counts.errors++;
	if ('crash' in answer || 'timeout' in answer) counts.crashes++;
	const difference = differenceFrom(answer, mine);
	if (difference && counts.differences++ < Number(options.show)) report(seed, invocation, graph, difference);
}
tool.stop();
const { graphs, errors, crashes, differences } = counts;
console.log(
	`${graphs} graphs from seed ${first}: ${differences} differences; ` +
		`the tool stopped with an error on ${errors} and died on ${crashes}`,
);
process.exitCode = differences > 0 ? 1 : 0;
