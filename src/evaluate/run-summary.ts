/** What nodes cost over several runs, and the tables of TensorFlow's benchmark tool (spec: benchmark 10.4). */
import type { Node } from '../graph/node.ts';
import { formatFixed } from '../graph/number-text.ts';
import type { TensorValue } from '../graph/tensor.ts';
import { memoryOf } from '../graph/tensor-data.ts';
import { Statistic } from './statistics.ts';

/** One node's figures. Times in whole microseconds, memory in bytes. */
export interface NodeFigures {
	readonly name: string;
	readonly type: string;
	/** Its place in the order of the run in which it was first seen. */
	readonly position: number;
	readonly elapsed: Statistic;
	readonly memory: Statistic;
	calls: number;
}

export interface TypeFigures {
	readonly type: string;
	nodes: number;
	/** Whole microseconds of one run. */
	micros: number;
	memory: number;
	calls: number;
}

export interface TableOptions {
	readonly runOrder: boolean;
	readonly runOrderLimit: number;
	readonly time: boolean;
	readonly timeLimit: number;
	readonly memory: boolean;
	readonly memoryLimit: number;
	readonly type: boolean;
	readonly summary: boolean;
}

export class RunSummary {
	readonly #nodes = new Map<string, NodeFigures>();
	readonly runTime = new Statistic();
	readonly runMemory = new Statistic();
	#position = 0;
	#micros = 0;
	#bytes = 0;

	/** A run begins; nodes are told in the order in which they ran. */
	begin(): void {
		[this.#position, this.#micros, this.#bytes] = [0, 0, 0];
	}

	node(node: Node, outputs: readonly TensorValue[], milliseconds: number): void {
		const micros = Math.round(milliseconds * 1000);
		const bytes = node.op === 'Const' ? 0 : outputs.reduce((total, output) => total + memoryOf(output), 0);
		let figures = this.#nodes.get(node.name);
		if (!figures) {
			figures = {
				name: node.name,
				type: node.op,
				position: this.#position,
				elapsed: new Statistic(),
				memory: new Statistic(),
				calls: 0,
			};
			this.#nodes.set(node.name, figures);
		}
		this.#position += 1;
		figures.elapsed.add(micros);
		figures.memory.add(bytes);
		figures.calls += 1;
		this.#micros += micros;
		this.#bytes += bytes;
	}

	end(): void {
		this.runTime.add(this.#micros);
		this.runMemory.add(this.#bytes);
	}

	/** In run order. */
	get nodes(): readonly NodeFigures[] {
		return [...this.#nodes.values()].sort((a, b) => a.position - b.position);
	}

	/** The slowest type first; of equal ones the last by name. */
	get types(): readonly TypeFigures[] {
		const runs = Math.max(1, this.runTime.count);
		const types = new Map<string, TypeFigures>();
		for (const { type, elapsed, memory, calls } of this.#nodes.values()) {
			const figures = types.get(type) ?? { type, nodes: 0, micros: 0, memory: 0, calls: 0 };
			figures.nodes += 1;
			figures.micros += Math.trunc(elapsed.sum / runs);
			figures.memory += memory.newest;
			figures.calls += Math.trunc(calls / runs);
			types.set(type, figures);
		}
		return [...types.values()].sort((a, b) => b.micros - a.micros || (a.type < b.type ? 1 : -1));
	}

	/** The tool's text: the parts that are asked for, in its order. */
	text(options: TableOptions): string {
		const { nodes } = this;
		let text = '';
		const byTime = descending(nodes, ({ elapsed }) => elapsed.mean);
		const byMemory = descending(nodes, ({ memory }) => memory.mean);
		if (options.runOrder) text += this.#table('Run Order', nodes, options.runOrderLimit);
		if (options.time) text += this.#table('Top by Computation Time', byTime, options.timeLimit);
		if (options.memory) text += this.#table('Top by Memory Use', byMemory, options.memoryLimit);
		if (options.type) text += this.#typeTable();
		if (options.summary) text += `${this.shortSummary}\n`;
		return text;
	}

	get shortSummary(): string {
		const { runTime, runMemory } = this;
		return `Timings (microseconds): ${runTime.text}\nMemory (bytes): ${runMemory.text}\n${this.#nodes.size} nodes observed\n`;
	}

	#table(title: string, nodes: readonly NodeFigures[], limit: number): string {
		const runs = Math.max(1, this.runTime.count);
		const total = this.runTime.sum;
		let text = headLine(title);
		text += row(
			['[node type]', '[first]', '[avg ms]', '[%]', '[cdf%]', '[mem KB]', '[times called]'],
			NODE_WIDTHS,
		);
		text += '\t[Name]\n';
		let running = 0;
		for (const { name, type, elapsed, memory, calls } of limit > 0 ? nodes.slice(0, limit) : nodes) {
			running = Math.fround(running + elapsed.sum);
			const cells = [
				type,
				formatFixed(elapsed.first / 1000, 3),
				formatFixed(elapsed.mean / 1000, 3),
				percent((elapsed.sum * 100) / total, 7),
				percent((running * 100) / total, 7),
				formatFixed(memory.newest / 1000, 3),
				String(Math.trunc(calls / runs)),
			];
			text += `${row(cells, NODE_WIDTHS)}\t${name}\n`;
		}
		return `${text}\n`;
	}

	#typeTable(): string {
		const { types } = this;
		const total = types.reduce((sum, { micros }) => sum + micros, 0);
		let text = `Number of nodes executed: ${this.#nodes.size}\n${headLine('Summary by node type')}`;
		text += `${row(['[Node type]', '[count]', '[avg ms]', '[avg %]', '[cdf %]', '[mem KB]', '[times called]'], TYPE_WIDTHS)}\n`;
		let running = 0;
		for (const { type, nodes, micros, memory, calls } of types) {
			const milliseconds = Math.fround(micros / 1000);
			running = Math.fround(running + (micros * 100) / total);
			const cells = [
				type,
				String(nodes),
				formatFixed(milliseconds, 3),
				percent((micros * 100) / total, 10),
				percent(running, 10),
				formatFixed(memory / 1000, 3),
				String(calls),
			];
			text += `${row(cells, TYPE_WIDTHS)}\n`;
		}
		return `${text}\n`;
	}
}

/** As the tool sorts: by text of 20 characters, so that figures from 1e9 on stand in the order of their digits. */
function descending(nodes: readonly NodeFigures[], figure: (node: NodeFigures) => number): NodeFigures[] {
	const keyed = nodes.map((node) => ({ node, key: formatFixed(figure(node), 10).padStart(20) }));
	return keyed.sort((a, b) => (a.key === b.key ? 0 : a.key < b.key ? 1 : -1)).map(({ node }) => node);
}

const NODE_WIDTHS: readonly number[] = [40, 9, 9, 8, 8, 10, 9];
const TYPE_WIDTHS: readonly number[] = [40, 9, 10, 11, 11, 10, 10];
const RULE = '='.repeat(30);

function headLine(title: string): string {
	return `${RULE} ${title} ${RULE}\n`;
}

function row(cells: readonly string[], widths: readonly number[]): string {
	return cells.map((cell, i) => `\t${cell.padStart(widths[i]!)}`).join('');
}

function percent(value: number, width: number): string {
	return `${(Number.isNaN(value) ? '-nan' : formatFixed(value, 3)).padStart(width)}%`;
}
