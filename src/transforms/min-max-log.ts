/** The lines that runs of a graph write after `insert_logging` of its RequantizationRange nodes (spec: quantizing 7). */
import { parseFloatText } from './float-text.ts';

const MARK = '__requant_min_max:';
const PRINT = '__print__';

export interface MinMaxRecord {
	/** The RequantizationRange node. */
	readonly name: string;
	readonly min: number;
	readonly max: number;
}

/** All records of a log; at most one a line, and lines that hold none are passed over. */
export function readMinMaxLog(text: string): MinMaxRecord[] {
	const records: MinMaxRecord[] = [];
	for (const line of text.split('\n')) {
		const record = line.includes(`${PRINT};${MARK}`) ? readLine(line) : undefined;
		if (record) records.push(record);
	}
	return records;
}

/** `… ;NODE__print__;__requant_min_max:[MIN][MAX]` */
function readLine(line: string): MinMaxRecord | undefined {
	const pieces = line.split(';');
	const at = pieces.findLastIndex((piece, i) => i > 0 && piece.startsWith(MARK));
	const label = pieces[at - 1];
	if (label === undefined || !label.endsWith(PRINT)) return undefined;
	const parts = pieces[at]!.split('[');
	if (parts.length !== 3 || parts[0] !== MARK) return undefined;
	const [min, max] = [readBracket(parts[1]!), readBracket(parts[2]!)];
	if (min === undefined || max === undefined) return undefined;
	return { name: label.slice(0, -PRINT.length), min, max };
}

function readBracket(text: string): number | undefined {
	const pieces = text.split(']');
	if (pieces.length !== 2) return undefined;
	return parseFloatText(pieces[0]!.replace(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, ''));
}
