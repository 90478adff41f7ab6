/** Drawings of a part of the graph: as SVG, laid out in layers, and as DOT for Graphviz. */
import type { Graph } from '../graph/graph.ts';
import { isControl } from '../graph/names.ts';
import type { Shape } from '../ops/define.ts';
import { formatShape, shapesFor } from './output-shapes.ts';

/** What is drawn: nodes, and the edges between them. */
export interface Drawing {
	readonly nodes: readonly DrawnNode[];
	readonly edges: readonly DrawnEdge[];
}

interface DrawnNode {
	/** The full name. */
	readonly name: string;
	readonly op: string;
	readonly label: readonly [string, string];
	readonly kind: 'input' | 'constant' | 'output' | 'op';
	/** What the pointer shows. */
	readonly title: string;
}

interface DrawnEdge {
	readonly from: string;
	readonly to: string;
	readonly control: boolean;
	/** The shape that flows along it. */
	readonly label: string;
}

/** Which of some nodes are drawn: constants, and what hands them on, only where they are asked for. */
export function drawnPositions(
	graph: Graph,
	positions: readonly number[],
	constants = false,
): ReadonlySet<number> {
	return new Set(positions.filter((at) => constants || !isWeight(graph, at)));
}

export function drawingOf(graph: Graph, drawn: ReadonlySet<number>): Drawing {
	const { shapes } = shapesFor(graph, [...drawn]);
	const edges = new Map<string, DrawnEdge>();
	const { inputStart, inputSource } = graph.topology;
	for (const at of drawn) {
		const node = graph.nodes[at]!;
		for (let k = 0; k < node.inputs.length; k++) {
			const source = inputSource[inputStart[at]! + k]!;
			if (source < 0 || !drawn.has(source)) continue;
			const from = graph.nodes[source]!.name;
			const input = node.inputs[k]!;
			const control = isControl(input);
			const port = Number(/:(\d+)$/.exec(input)?.[1] ?? 0);
			const label = control ? '' : formatShape(shapes[source]![port]);
			edges.set(`${from}\n${node.name}\n${control}`, { from, to: node.name, control, label });
		}
	}
	return { nodes: [...drawn].map((at) => drawnNode(graph, at, shapes[at]![0])), edges: [...edges.values()] };
}

function isWeight(graph: Graph, position: number): boolean {
	const { op } = graph.nodes[position]!;
	const { inputStart, inputSource } = graph.topology;
	if (op === 'Const') return true;
	if (op !== 'Identity' && op !== 'ReadVariableOp') return false;
	const source = inputSource[inputStart[position]!] ?? -1;
	return source >= 0 && /^(?:Const|VariableV2|VarHandleOp)$/.test(graph.nodes[source]!.op);
}

function drawnNode(graph: Graph, position: number, shape: Shape | undefined): DrawnNode {
	const { name, op } = graph.nodes[position]!;
	const { readerStart } = graph.topology;
	const last = name.slice(name.lastIndexOf('/') + 1);
	const kind = /^Placeholder|^IteratorGetNext$/.test(op)
		? 'input'
		: op === 'Const'
			? 'constant'
			: readerStart[position] === readerStart[position + 1]
				? 'output'
				: 'op';
	return { name, op, kind, label: [op, shorten(last, 28)], title: `${name}\n${op} ${formatShape(shape)}` };
}

function shorten(text: string, length: number): string {
	return text.length > length ? `${text.slice(0, length / 2 - 1)}…${text.slice(-(length / 2))}` : text;
}

const NODE_HEIGHT = 38;
const CHARACTER = 7;
const colours = { input: '#cfe8ff', constant: '#eeeeee', output: '#ffe0b8', op: '#ffffff' } as const;

/** A layered drawing from top to bottom; the layout library is loaded here, when somebody draws. */
export async function drawSvg(drawing: Drawing): Promise<string> {
	const { graphlib, layout } = await import('@dagrejs/dagre');
	const plan = new graphlib.Graph({ multigraph: true });
	plan.setGraph({ rankdir: 'TB', nodesep: 18, ranksep: 34, marginx: 12, marginy: 12 });
	plan.setDefaultEdgeLabel(() => ({}));
	for (const { name, label } of drawing.nodes)
		plan.setNode(name, {
			width: Math.max(70, Math.max(label[0].length, label[1].length) * CHARACTER + 16),
			height: NODE_HEIGHT,
		});
	drawing.edges.forEach((edge, i) => {
		plan.setEdge(edge.from, edge.to, {}, String(i));
	});
	layout(plan);
	const { width = 100, height = 100 } = plan.graph();
	const parts = [
		`<svg xmlns="http://www.w3.org/2000/svg" width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}" font-family="sans-serif" font-size="12">`,
		'<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="6" markerHeight="6" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#555"/></marker></defs>',
		'<rect width="100%" height="100%" fill="white"/>',
	];
	drawing.edges.forEach((edge, i) => {
		const { points } = plan.edge({ v: edge.from, w: edge.to, name: String(i) }) as {
			points: readonly Point[];
		};
		const path = points.map(({ x, y }, n) => `${n === 0 ? 'M' : 'L'}${round(x)},${round(y)}`).join(' ');
		const dash = edge.control ? ' stroke-dasharray="4 3"' : '';
		parts.push(
			`<path d="${path}" fill="none" stroke="#555"${dash} marker-end="url(#arrow)"><title>${escapeXml(edge.label)}</title></path>`,
		);
	});
	for (const node of drawing.nodes) {
		const { x, y, width: w, height: h } = plan.node(node.name) as Point & { width: number; height: number };
		parts.push(
			`<g><title>${escapeXml(node.title)}</title>`,
			`<rect x="${round(x - w / 2)}" y="${round(y - h / 2)}" width="${round(w)}" height="${h}" rx="5" fill="${colours[node.kind]}" stroke="#333"/>`,
			`<text x="${round(x)}" y="${round(y - 3)}" text-anchor="middle" font-weight="bold">${escapeXml(node.label[0])}</text>`,
			`<text x="${round(x)}" y="${round(y + 12)}" text-anchor="middle" font-size="10" fill="#444">${escapeXml(node.label[1])}</text></g>`,
		);
	}
	parts.push('</svg>', '');
	return parts.join('\n');
}

interface Point {
	readonly x: number;
	readonly y: number;
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}

/** Names are whatever a file holds: characters that XML forbids become the replacement character. */
function escapeXml(text: string): string {
	return text
		.replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd]/g, '\ufffd')
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', '&quot;');
}

/** The same for Graphviz. */
export function drawDot(drawing: Drawing): string {
	const lines = [
		'digraph graph_def {',
		'  node [shape=box, style="rounded,filled", fillcolor=white, fontname=sans];',
	];
	for (const { name, label, kind } of drawing.nodes)
		lines.push(`  ${quote(name)} [label=${quote(label.join('\n'))}, fillcolor="${colours[kind]}"];`);
	for (const { from, to, control, label } of drawing.edges)
		lines.push(
			`  ${quote(from)} -> ${quote(to)} [${control ? 'style=dashed' : `label=${quote(label)}, fontsize=9`}];`,
		);
	lines.push('}', '');
	return lines.join('\n');
}

function quote(text: string): string {
	const plain = text.replace(/[\x00-\x09\x0b-\x1f\x7f]/g, '\ufffd');
	return `"${plain.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}
