/** Cells as JSON Lines: one object a cell (docs/command-line.md). */
import type { Cell } from '../session/cell.ts';
import type { Status } from '../session/status.ts';

/** One line, ended by a line feed. Numbers that JSON lacks become their names. */
export function renderJson(cell: Cell): string {
	return `${JSON.stringify(cellObject(cell), plainValue)}\n`;
}

function cellObject(cell: Cell): Readonly<Record<string, unknown>> {
	const frame = { cell: cell.cell, input: cell.input, ok: cell.ok };
	const rest = { ms: cell.ms, ...(cell.graph ? { graph: graphObject(cell.graph) } : {}) };
	if (!cell.ok) {
		const { code, message, hint, span } = cell.error;
		const line = cell.line === undefined ? {} : { line: cell.line };
		const error = {
			code,
			message,
			...(hint === undefined ? {} : { hint }),
			...(span ? { span } : {}),
			...line,
		};
		return { ...frame, error, ...rest };
	}
	const { kind, data, failed, next } = cell.answer;
	const more = { ...(failed ? { failed } : {}), ...(next && next.length > 0 ? { next } : {}) };
	return { ...frame, kind, data, ...more, ...rest };
}

function graphObject(status: Status): Readonly<Record<string, unknown>> {
	const { opened, flops, ...rest } = status;
	return { ...rest, ...(flops === undefined ? {} : { flops }), opened };
}

function plainValue(_key: string, value: unknown): unknown {
	if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
	if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
	if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<number>);
	return value;
}
