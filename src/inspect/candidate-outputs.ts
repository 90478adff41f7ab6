/** Candidate outputs: what nobody reads, ranked by what it looks like and by how much of the graph it needs. */
import { DT_VARIANT } from '../graph/dtype.ts';
import type { Graph } from '../graph/graph.ts';
import { AsideList, type Proposal, type Proposals } from './candidate.ts';
import { lookOf, rankSinks } from './candidate-looks.ts';
import { signatureTensors } from './candidate-signatures.ts';
import { targets } from './candidate-targets.ts';
import { dataReaders, forEachNeighbour, reach } from './reach.ts';
import { type Role, rolesOf } from './roles.ts';
import { callsSaver } from './saver-functions.ts';
import type { Training } from './training.ts';

const asideReasons: Partial<Record<Role, string>> = {
	gradient: 'gradients',
	optimizer: 'updates of variables',
	summary: 'summaries',
	saver: 'saving and restoring',
	init: 'setting variables up',
	assert: 'assertions and prints',
	pipeline: 'the input pipeline',
	variable: 'variables that nothing reads',
};

/** Freezing leaves the reads of what a loop or a function had captured, under their names. */
const readName = /(?:^|\/)(?:ReadVariableOp(?:_\d+)?|read)$/;
const CONSTANT_COPY = 'constants read and not used';

export function outputCandidates(graph: Graph, training: Training | undefined): Proposals {
	const signed = signatureTensors(graph, 'outputs');
	const aside = new AsideList();
	const roles = rolesOf(graph);
	const sinks: number[] = [];
	const copies: number[] = [];
	for (let i = 0; i < graph.nodes.length; i++) {
		if (signed.has(graph.nodes[i]!.name) || hasDataReader(graph, i, roles)) continue;
		const reason = whyAside(graph, i, roles) ?? whyWaitedFor(graph, i, roles);
		if (reason === undefined) sinks.push(i);
		else if (reason === CONSTANT_COPY) copies.push(i);
		else if (reason) aside.add(reason, graph.nodes[i]!.name);
	}
	// A model that is nothing but a constant still answers with it.
	if (sinks.length === 0) for (const copy of copies) sinks.push(copy);
	else for (const copy of copies) aside.add(CONSTANT_COPY, graph.nodes[copy]!.name);
	const proposals = fromSignature(graph, signed);
	const declared = new Set(proposals.map((p) => p.position));
	for (const proposal of training ? fromTraining(graph, training) : [])
		if (!declared.has(proposal.position)) proposals.push(proposal);
	const taken = new Set(proposals.map((p) => p.position));
	const answers = rankSinks(
		graph,
		sinks.filter((sink) => !taken.has(sink)),
		training,
	);
	for (const proposal of weaken(answers, signed.size > 0)) proposals.push(proposal);
	for (const proposal of targets(graph, roles, signed.size > 0 || !training)) proposals.push(proposal);
	return { proposals: ensureChosen(proposals), aside: aside.finish() };
}

/** When nothing but losses or training steps is there, they are what a caller can ask for. */
function ensureChosen(proposals: readonly Proposal[]): Proposal[] {
	if (proposals.some((proposal) => proposal.chosen) || proposals.length === 0) return [...proposals];
	const best = proposals.reduce((a, b) => (b.score > a.score ? b : a));
	return proposals.map((p) => (p.group === best.group ? { ...p, chosen: true } : p));
}

/** Whether anything but a watcher reads its data: a summary of a prediction leaves it an output. */
function hasDataReader(graph: Graph, position: number, roles: readonly Role[]): boolean {
	const { start, reader } = dataReaders(graph);
	for (let e = start[position]!; e < start[position + 1]!; e++) {
		const at = reader[e]!;
		const role = roles[at]!;
		if (role !== 'summary' && (role !== 'assert' || passesOn(graph, at))) return true;
	}
	return false;
}

/** CheckNumerics and Print hand their input on. */
function passesOn(graph: Graph, position: number): boolean {
	const { readerStart } = graph.topology;
	if (readerStart[position] === readerStart[position + 1]) return false;
	return /^(?:CheckNumerics|Print)$/.test(graph.nodes[position]!.op);
}

/** A reason; an empty one for what `summarize_graph` leaves out too; undefined for a candidate. */
function whyAside(graph: Graph, position: number, roles: readonly Role[]): string | undefined {
	const node = graph.nodes[position]!;
	if (/^(?:Const|NoOp|Placeholder\w*|_Arg|HostConst)$/.test(node.op)) return '';
	const reason = asideReasons[roles[position]!];
	if (reason) return reason;
	const called = node.attr('f')?.functionName;
	if (called && callsSaver(graph, called)) return asideReasons.saver;
	if (called && !(node.attr('Tout')?.types?.length ?? 1)) return asideReasons.init;
	if (node.op === 'Identity' && node.attr('T')?.type === DT_VARIANT)
		return 'kept for gradients of branches and loops';
	if (/^(?:ReadVariableOp|Identity|IdentityN)$/.test(node.op)) return whyIdleCopy(graph, position, roles);
	if (/^(?:Shape|ShapeN|Size|Rank|ZerosLike)$/.test(node.op)) return 'shapes that nothing uses';
	if (/^(?:Exit|RefExit|NextIteration|Switch|RefSwitch)$/.test(node.op)) return undefined;
	return undefined;
}

/** A node that others wait for is run for its effect. */
function whyWaitedFor(graph: Graph, position: number, roles: readonly Role[]): string | undefined {
	let waited = false;
	forEachNeighbour(graph, position, 'down', true, (reader) => {
		if (roles[reader] === 'compute' && graph.nodes[reader]!.op !== 'NoOp') waited = true;
	});
	return waited ? 'only waited for, through control edges' : undefined;
}

/** Copies of variables, of constants, of switch predicates, of what comes out of a saver. */
function whyIdleCopy(graph: Graph, position: number, roles: readonly Role[]): string | undefined {
	const { inputStart, inputSource } = graph.topology;
	let at = position;
	for (let hops = 0; hops < 4; hops++) {
		const source = inputSource[inputStart[at]!] ?? -1;
		if (inputStart[at]! >= inputStart[at + 1]! || source < 0) return undefined;
		const role = roles[source]!;
		if (role === 'variable') return 'variables read and not used';
		if (graph.nodes[source]!.op === 'Const')
			return readName.test(graph.nodes[position]!.name) ? CONSTANT_COPY : undefined;
		if (role !== 'compute') return asideReasons[role];
		if (/^(?:Switch|RefSwitch)$/.test(graph.nodes[source]!.op)) return 'branches that nothing uses';
		if (!/^(?:Identity|ReadVariableOp)$/.test(graph.nodes[source]!.op)) return undefined;
		at = source;
	}
	return undefined;
}

function fromSignature(graph: Graph, signed: ReadonlyMap<string, Omit<Proposal, 'position'>>): Proposal[] {
	const found: Proposal[] = [];
	for (const [name, proposal] of signed) {
		const position = graph.position.get(name);
		if (position !== undefined) found.push({ position, ...proposal });
	}
	return found;
}

function fromTraining(graph: Graph, training: Training): Proposal[] {
	const found: Proposal[] = [];
	for (const position of training.predictions) {
		const reason = 'all trained variables reach the loss through it alone: the model ends here';
		const head = training.predictions.length === 1 || lookOf(graph.nodes[position]!).bonus > 0;
		found.push({ position, score: head ? 0.93 : 0.82, reason, group: 'prediction', chosen: head });
	}
	for (const position of training.losses) {
		if (found.some((p) => p.position === position)) continue;
		found.push({ position, score: 0.8, reason: 'gradients start from it', group: 'loss', chosen: false });
		for (const named of namedLosses(graph, position)) {
			if (found.some((p) => p.position === named)) continue;
			const reason = 'the loss of each example, before it is summed up';
			found.push({ position: named, score: 0.78, reason, group: 'loss', chosen: false });
		}
	}
	return found;
}

/** Above a loss, the nodes that gave a scope their name: `logistic_loss` above `training_loss`. */
function namedLosses(graph: Graph, loss: number): number[] {
	const above = reach(graph, loss, 'up', { control: false }).slice(1, 200);
	const scopes = new Set(above.map((at) => graph.nodes[at]!.name.split('/').slice(0, -1).join('/')));
	return above
		.filter((at) => /loss|cost|cross_?entropy/i.test(graph.nodes[at]!.name.split('/').at(-1)!))
		.filter((at) => scopes.has(graph.nodes[at]!.name))
		.slice(0, 3);
}

function weaken(proposals: readonly Proposal[], signed: boolean): Proposal[] {
	if (!signed) return [...proposals];
	return proposals.map((p) => ({ ...p, score: p.score * 0.8, chosen: false }));
}
