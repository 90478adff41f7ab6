/** Models for the terminal tests, as the bytes of a GraphDef. */
import { serializeGraphDef } from '../../src/formats/graph-def.ts';
import { Attr } from '../../src/graph/attr.ts';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { DT_FLOAT } from '../../src/graph/dtype.ts';

/** A graph whose folding takes many seconds: a chain of products of constants. */
export function slowModel(): Uint8Array {
	const T = Attr.type(DT_FLOAT);
	const build = new GraphBuilder();
	build.placeholder('x', DT_FLOAT, [1, 700]);
	build.random('w', [700, 700]);
	let last = 'w';
	for (let i = 0; i < 400; i++) {
		build.node(`product_${i}`, 'MatMul', [last, 'w'], { T });
		last = `product_${i}`;
	}
	build.node('y', 'MatMul', ['x', last], { T });
	return serializeGraphDef(build.finish());
}

/** A chain whose ops take many seconds to be quantized, each into seventeen nodes: many small steps. */
export function manyOpsModel(count = 40_000): Uint8Array {
	const build = new GraphBuilder();
	let last = build.placeholder('x', DT_FLOAT, [-1, 4]);
	for (let i = 0; i < count; i++) last = build.node(`relu_${i}`, 'Relu', [last], { T: Attr.type(DT_FLOAT) });
	return serializeGraphDef(build.finish());
}

/** Names that would clear the screen, set the title and turn the text around. */
export function escapingModel(): Uint8Array {
	const build = new GraphBuilder();
	build.placeholder('a\x1b[2Jb\x1b]0;title\x07', DT_FLOAT, [-1]);
	build.node('a\u202eevil\r', 'Relu', ['a\x1b[2Jb\x1b]0;title\x07']);
	build.node('z\x1b[3J/inner', 'Relu', ['a\u202eevil\r']);
	return serializeGraphDef(build.finish());
}

/** Names of wide and of combining characters. */
export function wideModel(): Uint8Array {
	const build = new GraphBuilder();
	build.placeholder('入力', DT_FLOAT, [-1, 4]);
	build.node('层/卷积', 'Relu', ['入力']);
	build.node('e\u0301tage', 'Relu', ['层/卷积']);
	return serializeGraphDef(build.finish());
}

/** Many nodes, for long answers. */
export function longModel(): Uint8Array {
	const build = new GraphBuilder();
	let last = build.placeholder('x', DT_FLOAT, [-1, 4]);
	for (let i = 0; i < 5000; i++) last = build.node(`layer_${i}`, 'Relu', [last], { T: Attr.type(DT_FLOAT) });
	return serializeGraphDef(build.finish());
}
