/** Numbers as text, as C's printf writes them: AsString. */
import { DT_BOOL, DT_STRING, dtypeName } from '../graph/dtype.ts';
import { encodeText } from '../graph/text.ts';
import type { Kernel, KernelContext, OpDeclaration } from './define.ts';
import { unchangedShape } from './elementwise.ts';
import { cannotRun, isComplex, isSixteenBitFloat, isStrings, noDtype, widen } from './values.ts';

/** Digits beyond those asked for: enough to tell an exact tie, which a number of 53 bits cannot fake. */
const BEYOND = 25;
/** What `toFixed` and `toExponential` can write. */
const MOST_DIGITS = 100 - BEYOND;

/** Digits without a point, rounded half to even to the first `keep` of them. */
function rounded(digits: string, keep: number): bigint {
	const head = BigInt(digits.slice(0, keep) || '0');
	const tail = digits.slice(keep);
	const tie = `5${'0'.repeat(tail.length - 1)}`;
	return tail > tie || (tail === tie && head % 2n === 1n) ? head + 1n : head;
}

/** `%.*f` of a number that is not negative. */
function fixed(value: number, precision: number): string {
	if (value >= 1e21) return BigInt(value) + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
	const [whole, fraction] = value.toFixed(precision + BEYOND).split('.') as [string, string];
	const text = String(rounded(whole + fraction, whole.length + precision)).padStart(precision + 1, '0');
	return precision === 0 ? text : `${text.slice(0, -precision)}.${text.slice(-precision)}`;
}

/** Digits and exponent of a number that is not negative, rounded to `precision` digits after the first. */
function scientific(value: number, precision: number): { digits: string; exponent: number } {
	const [mantissa, power] = value.toExponential(precision + BEYOND).split('e') as [string, string];
	const digits = String(rounded(mantissa.replace('.', ''), precision + 1)).padStart(precision + 1, '0');
	const carried = digits.length > precision + 1;
	return { digits: carried ? digits.slice(0, -1) : digits, exponent: Number(power) + Number(carried) };
}

/** `%.*e` of a number that is not negative. */
function exponential(value: number, precision: number, trims = false): string {
	const { digits, exponent } = scientific(value, precision);
	const rest = trims ? digits.slice(1).replace(/0+$/, '') : digits.slice(1);
	const power = String(Math.abs(exponent)).padStart(2, '0');
	return `${digits[0]}${rest && `.${rest}`}e${exponent < 0 ? '-' : '+'}${power}`;
}

/** `%.*g` of a number that is not negative. */
function shortest(value: number, precision: number): string {
	const digits = Math.max(precision, 1);
	const { exponent } = scientific(value, digits - 1);
	if (exponent < -4 || exponent >= digits) return exponential(value, digits - 1, true);
	const text = fixed(value, digits - 1 - exponent);
	return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

interface Format {
	readonly write: (value: number, precision: number) => string;
	/** Digits after the point, or −1 for six. */
	readonly precision: number;
	readonly width: number;
	/** A flag of printf: `0`, `-`, `+`, a space, or nothing. */
	readonly fill: string;
}

function padded(sign: string, text: string, { width, fill }: Format, zeros: boolean): string {
	const lead = sign || (fill === '+' || fill === ' ' ? fill : '');
	if (fill === '-') return (lead + text).padEnd(width);
	if (fill === '0' && zeros) return lead + text.padStart(width - lead.length, '0');
	return (lead + text).padStart(width);
}

function floatText(value: number, format: Format): string {
	const sign = value < 0 || Object.is(value, -0) ? '-' : '';
	const size = Math.abs(value);
	if (Number.isFinite(size)) {
		const precision = format.precision < 0 ? 6 : format.precision;
		return padded(sign, format.write(size, precision), format, true);
	}
	return padded(sign, Number.isNaN(size) ? 'nan' : 'inf', format, false);
}

function wholeText(value: number | bigint, format: Format): string {
	const text = String(value);
	return text.startsWith('-') ? padded('-', text.slice(1), format, true) : padded('', text, format, true);
}

function formatOf(context: KernelContext): Format {
	const write = context.attr('scientific')?.bool
		? exponential
		: context.attr('shortest')?.bool
			? shortest
			: fixed;
	const precision = context.attr('precision')?.int ?? -1;
	const width = context.attr('width')?.int ?? -1;
	const fill = context.attr('fill')?.string ?? '';
	if (precision > MOST_DIGITS || width > 4096 || !/^[-+ 0]?$/.test(fill))
		throw cannotRun(context, `precision ${precision}, width ${width} or fill \`${fill}\` is not implemented`);
	return { write, precision, width: Math.max(width, 0), fill };
}

const asString: Kernel = ([x], context) => {
	const { data, dtype, shape } = x!;
	const format = formatOf(context);
	if (isStrings(data)) return [x!];
	if (isComplex(dtype)) throw noDtype(context, dtype);
	const floats = isSixteenBitFloat(dtype) ? widen(x!) : data;
	const isFloat = floats instanceof Float32Array || floats instanceof Float64Array;
	if (
		!isFloat &&
		(context.attr('scientific')?.bool || context.attr('shortest')?.bool || format.precision >= 0)
	)
		throw cannotRun(context, `scientific, shortest and precision are not for ${dtypeName(dtype)}`);
	const items = Array.from(floats as ArrayLike<number | bigint>, (item) => {
		if (dtype === DT_BOOL) return encodeText(item ? 'true' : 'false');
		return encodeText(isFloat ? floatText(item as number, format) : wholeText(item, format));
	});
	return [{ dtype: DT_STRING, shape, data: items }];
};

export const asStringOps: readonly OpDeclaration[] = [
	{ names: ['AsString'], shape: unchangedShape, kernel: asString, limits: 'no complex numbers' },
];
