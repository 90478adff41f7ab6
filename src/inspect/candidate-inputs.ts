/** Candidate inputs: where data can come in, ranked by what comes after. */
import { baseDtype, DT_BOOL, DT_RESOURCE, DT_VARIANT } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';
import { isRegistered } from '../ops/registry.ts';
import { AsideList, type Proposal, type Proposals } from './candidate.ts';
import { signatureTensors } from './candidate-signatures.ts';
import { forEachNeighbour } from './reach.ts';
import { rolesOf } from './roles.ts';
import { callsSaver } from './saver-functions.ts';

const placeholderOp = /^(?:Placeholder|PlaceholderV2|PlaceholderWithDefault|_Arg|_DeviceArg)$/;
const deliveryOp =
	/^(?:IteratorGetNext(?:Sync|AsOptional)?|OneShotIterator|(?:QueueDequeue(?:Many|UpTo)?(?:V2)?)|Unstage|StagePeek|InfeedDequeue(?:Tuple)?|ReaderRead(?:UpTo)?(?:V2)?|_?Recv|_HostRecv|PyFunc)$/;
const decodeOp =
	/^(?:Decode(?:Jpeg|Png|Gif|Bmp|Image|Wav|Raw|AndCropJpeg|CSV|PaddedRaw)|Parse(?:Single)?(?:Sequence)?Example(?:V2)?|ParseTensor)$/;
const nameSwitch =
	/(?:^|\/)(?:is_)?(?:train(?:ing)?|phase(?:_train)?|learning_phase|keras_learning_phase|keep_prob|dropout(?:_rate)?)(?:_\d+)?$/i;

/** @param outputs positions of the chosen outputs: inputs that they need come first. */
export function inputCandidates(graph: Graph, outputs: readonly number[]): Proposals {
	const { nodes } = graph;
	const aside = new AsideList();
	const proposals: Proposal[] = [];
	const signed = signatureTensors(graph, 'inputs');
	const needed = above(graph, outputs);
	const useful = leadsToComputation(graph);
	const placeholders = nodes.some((_, i) => useful[i] && needed[i] && isDataPlaceholder(graph, i));
	const entries = entryOps(graph);
	for (let i = 0; i < nodes.length; i++) {
		const node = nodes[i]!;
		const bySignature = signed.get(node.name);
		if (bySignature) {
			proposals.push({ position: i, ...bySignature });
			continue;
		}
		const kind = entries.has(node.op) ? kindOf(node) : undefined;
		if (!kind) continue;
		const reason = whyAside(graph, node, i, useful);
		if (reason) aside.add(reason, node.name);
		else proposals.push(propose(graph, i, kind, { needed, placeholders, signed: signed.size > 0 }));
	}
	return { proposals, aside: aside.finish() };
}

type Kind = 'placeholder' | 'delivery' | 'decode' | 'unknown';

function kindOf(node: Node): Kind | undefined {
	if (placeholderOp.test(node.op)) return 'placeholder';
	if (deliveryOp.test(node.op)) return 'delivery';
	if (decodeOp.test(node.op)) return 'decode';
	if (node.inputs.length === 0 && !isRegistered(node.op)) return 'unknown';
	return undefined;
}

/** Op types of which some node may be an entry: asked once an op, not once a node. */
function entryOps(graph: Graph): Set<string> {
	const patterns = [placeholderOp, deliveryOp, decodeOp];
	const found = new Set<string>();
	for (const op of graph.byOp.keys())
		if (patterns.some((pattern) => pattern.test(op)) || !isRegistered(op)) found.add(op);
	return found;
}

function whyAside(graph: Graph, node: Node, position: number, useful: Uint8Array): string | undefined {
	const dtype = baseDtype(node.attr('dtype')?.type ?? 0);
	if (node.op.startsWith('Placeholder') && (dtype === DT_RESOURCE || dtype === DT_VARIANT))
		return 'captured variables and handles, fed by the caller of a function';
	const { readerStart } = graph.topology;
	if (readerStart[position] === readerStart[position + 1]) return 'nothing reads them';
	if (!useful[position]) return 'only used for saving, restoring or starting';
	return undefined;
}

interface Surroundings {
	readonly needed: Uint8Array;
	readonly placeholders: boolean;
	readonly signed: boolean;
}

function propose(graph: Graph, position: number, kind: Kind, around: Surroundings): Proposal {
	const node = graph.nodes[position]!;
	const needed = around.needed[position] === 1;
	const at = (score: number, group: string, reason: string, chosen: boolean): Proposal => ({
		position,
		score: around.signed ? score * 0.8 : score,
		reason: needed ? reason : `${reason}; the chosen outputs do not need it`,
		group,
		chosen: chosen && needed && (!around.signed || node.op === 'Placeholder'),
	});
	const share = needed ? 1 : 0.6;
	switch (kind) {
		case 'placeholder': {
			if (isSwitch(node)) {
				const fixed = node.op === 'PlaceholderWithDefault' ? ', with a default' : '';
				return at(0.7 * share, 'switch', `turns training behaviour on or off${fixed}`, true);
			}
			if (feedsPipeline(graph, position))
				return at(0.3, 'pipeline', 'a handle, file name or batch size of the input pipeline', false);
			if (node.op === 'PlaceholderWithDefault')
				return at(0.85 * share, 'input', 'a PlaceholderWithDefault: may be fed', true);
			if (node.op.startsWith('_')) return at(0.9 * share, 'input', 'an argument of a function', true);
			return at(0.95 * share, needed ? 'input' : 'other input', 'a Placeholder: must be fed', true);
		}
		case 'delivery': {
			const better = around.placeholders ? 0.5 : 0.9;
			const reason = `a ${node.op}: data arrives here from a queue or iterator; feed its outputs`;
			return at(better * share, 'delivery', reason, !around.placeholders);
		}
		case 'decode': {
			const better = around.placeholders ? 0.45 : 0.8;
			const reason = `a ${node.op}: feed its outputs to leave the decoding out`;
			return at(better * share, 'decoded data', reason, false);
		}
		case 'unknown':
			return at(0.2 * share, 'unregistered', `an unregistered ${node.op} without inputs`, false);
	}
}

/** A placeholder that carries the model's data, not a switch, nor the batch size of a queue. */
function isDataPlaceholder(graph: Graph, position: number): boolean {
	const node = graph.nodes[position]!;
	return placeholderOp.test(node.op) && !isSwitch(node) && !feedsPipeline(graph, position);
}

function feedsPipeline(graph: Graph, position: number): boolean {
	const roles = rolesOf(graph);
	let all = true;
	forEachNeighbour(graph, position, 'down', false, (reader) => {
		if (roles[reader] !== 'pipeline' && !deliveryOp.test(graph.nodes[reader]!.op)) all = false;
	});
	return all;
}

function isSwitch(node: Node): boolean {
	return baseDtype(node.attr('dtype')?.type ?? 0) === DT_BOOL || nameSwitch.test(node.name);
}

/** Marks the nodes that `from` needs, control edges included. */
function above(graph: Graph, from: readonly number[]): Uint8Array {
	const marks = new Uint8Array(graph.nodes.length);
	const queue = [...from];
	for (const at of from) marks[at] = 1;
	for (let head = 0; head < queue.length; head++)
		forEachNeighbour(graph, queue[head]!, 'up', true, (source) => {
			if (marks[source]) return;
			marks[source] = 1;
			queue.push(source);
		});
	return marks;
}

/** Marks the nodes whose data reaches something that computes the model's answer. */
function leadsToComputation(graph: Graph): Uint8Array {
	const roles = rolesOf(graph);
	const marks = new Uint8Array(graph.nodes.length);
	const { readerStart } = graph.topology;
	const queue: number[] = [];
	const entries = entryOps(graph);
	for (let i = 0; i < graph.nodes.length; i++) {
		const { op } = graph.nodes[i]!;
		if (roles[i] !== 'compute' || onlySaves(graph, i)) continue;
		if (entries.has(op) && kindOf(graph.nodes[i]!)) continue;
		if (passive.test(op) && (op !== 'Identity' || readerStart[i] !== readerStart[i + 1])) continue;
		marks[i] = 1;
		queue.push(i);
	}
	// A queue's dequeue is fed by enqueues, not by edges, so the walk stays inside the pipeline it starts in.
	for (let head = 0; head < queue.length; head++)
		forEachNeighbour(graph, queue[head]!, 'up', false, (source) => {
			if (marks[source]) return;
			marks[source] = 1;
			queue.push(source);
		});
	return marks;
}

const passive = /^(?:Const|NoOp|Identity|IdentityN|ReadVariableOp)$/;

/** A call of a function whose body holds a saver: `StatefulPartitionedCall(saver_filename, …)`. */
function onlySaves(graph: Graph, position: number): boolean {
	const node = graph.nodes[position]!;
	if (!node.op.endsWith('PartitionedCall')) return false;
	const name = node.attr('f')?.functionName;
	return name !== undefined && callsSaver(graph, name);
}
