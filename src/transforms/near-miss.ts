/** Says why a pattern does not fit where a person could have expected it to. */
import type { Graph } from '../graph/graph.ts';
import { isControl } from '../graph/names.ts';
import type { Node } from '../graph/node.ts';
import { isTurn, type Work } from '../graph/progress.ts';
import type { Reporter } from './define.ts';
import { type Pattern, type PatternNode, takes } from './pattern.ts';
import type { Replaced, RolledBack } from './replace-matches.ts';

/** Ops that only pass on their input: `remove_nodes` takes them out. */
const PASS_THROUGH = new Set(['Identity', 'CheckNumerics', 'StopGradient', 'PreventGradient', 'Snapshot']);
/** Ops that often stand between two nodes that would fit. */
const BETWEEN = new Set(['BiasAdd', 'Reshape', 'Cast', 'Squeeze', 'Relu', 'Relu6']);
const VARIABLES = new Set(['Variable', 'VariableV2', 'VarHandleOp', 'ReadVariableOp']);
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth'];

export interface Search {
	/** The graph that the last pass looked at. */
	readonly graph: Graph;
	readonly patterns: readonly Pattern[];
	/** That pass, by pattern. */
	readonly last: readonly Replaced[];
	/** Further matches that were left as they were. */
	readonly held?: readonly RolledBack[];
	/** What to run again for the matches that overlapped with others. */
	readonly again: string;
}

interface Miss {
	/** Put into words only for the few that are reported. */
	readonly reason: () => string;
	readonly hint?: string | undefined;
	/** Lines below the head that fit and name an op other than Const. */
	readonly named: number;
	readonly certain: boolean;
	/** An op that `remove_nodes` takes out stands before a node that would fit. */
	readonly removable: boolean;
}

/** Reports every head whose op fits while a single thing about its surroundings does not. */
export function* reportMisses(search: Search, report: Reporter): Work<void> {
	const { graph, patterns, last, held = [], again } = search;
	const shared = [...last.flatMap((pass) => pass.rolledBack), ...held];
	for (const { head, node, reader } of shared) {
		report.skip(head, `${node === head ? 'it' : `\`${node}\``} has another reader, \`${reader}\``);
	}
	const owner = new Map<string, string>();
	for (const match of last.flatMap((pass) => pass.matches))
		for (const node of match.nodes) owner.set(node.name, match.head.name);
	const told = new Set(shared.map(({ head }) => head));
	const ops = new Set(patterns.flatMap((pattern) => [...(pattern.nodes[0]!.ops ?? [])]));
	for (const op of ops) {
		const heads = graph.byOp.get(op) ?? [];
		for (let i = 0; i < heads.length; i++) {
			if (isTurn(i)) yield { done: i, total: heads.length };
			const head = heads[i]!;
			if (owner.get(head.name) === head.name || told.has(head.name)) continue;
			const miss = explain(graph, patterns, head, owner, again);
			if (miss) report.skip(head.name, miss.reason(), miss.hint);
		}
	}
}

function explain(
	graph: Graph,
	patterns: readonly Pattern[],
	head: Node,
	owner: ReadonlyMap<string, string>,
	again: string,
): Miss | undefined {
	let best: Miss | undefined;
	for (const pattern of patterns) {
		const comparison = new Comparison(graph, pattern, owner);
		comparison.compare(head, 0);
		const { misses, taken } = comparison;
		if (misses.length === 0 && taken) {
			const reason = (): string => `\`${taken}\` is part of the match at \`${owner.get(taken)}\``;
			return { reason, hint: again, named: 0, certain: true, removable: false };
		}
		const [miss] = misses;
		if (!miss || (misses.length > 1 && !misses.every(({ removable }) => removable))) continue;
		const asks = pattern.nodes.slice(1).some(isTelling);
		const near = misses.some(({ certain }) => certain) || comparison.named > 0 || !asks;
		if (!near || (best && comparison.named <= best.named)) continue;
		const more = misses.length > 1 ? `, and so for ${misses.length - 1} more inputs` : '';
		best = { ...miss, reason: () => miss.reason() + more, named: comparison.named };
	}
	return best;
}

/** A line that tells one place from another: `*` and Const are everywhere. */
function isTelling(line: PatternNode): boolean {
	return line.ops !== undefined && !line.ops.has('Const');
}

class Comparison {
	readonly misses: Miss[] = [];
	named = 0;
	/** A node that another match has. */
	taken: string | undefined;
	readonly #graph: Graph;
	readonly #pattern: Pattern;
	readonly #owner: ReadonlyMap<string, string>;
	#head: Node | undefined;

	constructor(graph: Graph, pattern: Pattern, owner: ReadonlyMap<string, string>) {
		this.#graph = graph;
		this.#pattern = pattern;
		this.#owner = owner;
	}

	/** Goes down where the node takes the pattern's line; its op is known to fit. */
	compare(node: Node, line: number): void {
		const wanted = this.#pattern.nodes[line]!;
		if (line === 0) this.#head = node;
		else if (isTelling(wanted)) this.named++;
		if (this.#owner.has(node.name)) this.taken ??= node.name;
		if (wanted.inputs.length === 0) return;
		const sources = this.dataSources(node);
		if (sources.length !== wanted.inputs.length) {
			const { length } = wanted.inputs;
			this.miss(`${this.called(node)} has ${sources.length} data inputs, not ${length}`);
			return;
		}
		const bad = wanted.inputs.findIndex((below, k) => !this.takesAt(sources[k], below));
		const [first, second] = wanted.inputs;
		if (bad >= 0 && sources.length === 2 && this.fits(sources[1], first!) && this.fits(sources[0], second!)) {
			const places = `\`${sources[0]!.name}\` stands where \`${sources[1]!.name}\` should`;
			this.miss(`the operands of ${this.called(node)} are the other way round: ${places}`, true);
			return;
		}
		wanted.inputs.forEach((below, k) => {
			if (this.takesAt(sources[k], below)) this.compare(sources[k]!, below);
			else this.wrongInput(node, sources, k, below);
		});
	}

	private wrongInput(node: Node, sources: readonly (Node | undefined)[], k: number, line: number): void {
		const source = sources[k];
		if (!source) {
			this.miss(`input ${k} of ${this.called(node)} names no node`);
			return;
		}
		const which = k === 1 && sources.length === 2 ? 'other' : ORDINALS[k];
		const whose = node === this.#head ? `its ${which} input` : `the ${which} input of \`${node.name}\`,`;
		const comma = node === this.#head ? '' : ',';
		const { label, ops } = this.#pattern.nodes[line]!;
		const behind = this.dataSources(source)[0];
		const removable = PASS_THROUGH.has(source.op) && this.fits(behind, line);
		const between = BETWEEN.has(source.op) && this.fits(behind, line);
		this.misses.push({
			reason: () => `${whose} \`${source.name}\`${comma} is ${withArticle(source.op)}, not ${orList(label)}`,
			hint: hintFor(source, ops),
			named: 0,
			certain: (removable || between) && isTelling(this.#pattern.nodes[line]!),
			removable,
		});
	}

	private miss(reason: string, certain = false): void {
		this.misses.push({ reason: () => reason, named: 0, certain, removable: false });
	}

	private called(node: Node): string {
		return node === this.#head ? 'it' : `\`${node.name}\``;
	}

	private takesAt(node: Node | undefined, line: number): boolean {
		return node !== undefined && takes(this.#pattern.nodes[line]!, node.op);
	}

	private fits(node: Node | undefined, line: number): boolean {
		if (!this.takesAt(node, line)) return false;
		const { inputs } = this.#pattern.nodes[line]!;
		if (inputs.length === 0) return true;
		const sources = this.dataSources(node!);
		return sources.length === inputs.length && inputs.every((below, k) => this.fits(sources[k], below));
	}

	private dataSources(node: Node): (Node | undefined)[] {
		const found: (Node | undefined)[] = [];
		node.inputs.forEach((input, k) => {
			if (!isControl(input)) found.push(this.#graph.node(node.sources[k]!));
		});
		return found;
	}
}

function hintFor(source: Node, ops: ReadonlySet<string> | undefined): string | undefined {
	if (PASS_THROUGH.has(source.op)) return `remove_nodes(op=${source.op})`;
	if (VARIABLES.has(source.op)) return 'freeze';
	if (ops?.has('Const') && source.inputs.length > 0) return 'fold_constants(ignore_errors=true)';
	return undefined;
}

function withArticle(op: string): string {
	return `${/^[AEIOU]/i.test(op) ? 'an' : 'a'} ${op}`;
}

function orList(label: string): string {
	const ops = label.split('|');
	const list = ops.length > 1 ? `${ops.slice(0, -1).join(', ')} or ${ops.at(-1)}` : label;
	return `${/^[AEIOU]/i.test(label) ? 'an' : 'a'} ${list}`;
}
