/** Pictures in files: PNG, which keeps every pixel. */
import { decode } from 'fast-png';
import { DT_UINT8, DT_UINT16 } from '../../graph/dtype.ts';
import type { Kernel, KernelContext } from '../define.ts';
import { cannotRun } from '../values.ts';

interface Pixels {
	readonly width: number;
	readonly height: number;
	readonly channels: number;
	readonly depth: number;
	readonly values: ArrayLike<number>;
}

function read(content: Uint8Array, context: KernelContext): Pixels {
	let image: ReturnType<typeof decode>;
	try {
		image = decode(content);
	} catch {
		throw cannotRun(context, 'its contents are no PNG that can be read');
	}
	if (image.depth !== 8 && image.depth !== 16)
		throw cannotRun(context, `a PNG of ${image.depth} bits is not implemented`);
	if (!image.palette) return { ...image, values: image.data };
	const [channels] = image.palette.map((colour) => colour.length);
	const values = Array.from(image.data).flatMap((index) => [...image.palette![index]!]);
	return { ...image, channels: channels ?? 3, depth: 8, values };
}

/** DecodePng: channels as asked for, 0 for those of the file. */
export const decodePng: Kernel = ([contents], context) => {
	const { width, height, channels, depth, values } = read(
		(contents!.data as readonly Uint8Array[])[0]!,
		context,
	);
	const wanted = context.attr('channels')?.int || channels;
	const dtype = context.outputDtypes[0]!;
	if (dtype !== DT_UINT8 && dtype !== DT_UINT16)
		throw cannotRun(context, 'only uint8 and uint16 are implemented');
	const colours = channels < 3 ? 1 : 3;
	if (wanted < 3 && colours === 3) throw cannotRun(context, 'making a colour image gray is not implemented');
	const most = dtype === DT_UINT8 ? 255 : 65535;
	const convert = (value: number): number =>
		depth === 8 ? (dtype === DT_UINT8 ? value : value * 257) : dtype === DT_UINT8 ? value >> 8 : value;
	const data = new (dtype === DT_UINT8 ? Uint8Array : Uint16Array)(width * height * wanted);
	for (let pixel = 0; pixel < width * height; pixel++)
		for (let channel = 0; channel < wanted; channel++) {
			const isAlpha = channel === 3 || (wanted === 2 && channel === 1);
			const from = isAlpha ? colours : colours === 1 ? 0 : channel;
			const opaque = isAlpha && channels === colours;
			data[pixel * wanted + channel] = opaque ? most : convert(values[pixel * channels + from]!);
		}
	return [{ dtype, shape: [height, width, wanted], data }];
};
