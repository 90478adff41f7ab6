/** The messages of an ONNX model, as far as the exporter fills them: onnx.proto's own numbers. */
import protobuf from 'protobufjs';

const SOURCE = `
syntax = "proto3";
message Attribute {
	string name = 1; float f = 2; int64 i = 3; bytes s = 4; repeated float floats = 7; repeated int64 ints = 8; int32 type = 20;
}
message Node {
	repeated string input = 1; repeated string output = 2; string name = 3; string op_type = 4; repeated Attribute attribute = 5;
}
message Tensor { repeated int64 dims = 1; int32 data_type = 2; string name = 8; bytes raw_data = 9; }
message Dimension { int64 dim_value = 1; string dim_param = 2; }
message Shape { repeated Dimension dim = 1; }
message TensorType { int32 elem_type = 1; Shape shape = 2; }
message Type { TensorType tensor_type = 1; }
message ValueInfo { string name = 1; Type type = 2; }
message Graph {
	repeated Node node = 1; string name = 2; repeated Tensor initializer = 5; repeated ValueInfo input = 11; repeated ValueInfo output = 12;
}
message OperatorSet { string domain = 1; int64 version = 2; }
message Model {
	int64 ir_version = 1; string producer_name = 2; Graph graph = 7; repeated OperatorSet opset_import = 8;
}
`;

const FLOAT = 1;
/** AttributeProto.AttributeType. */
const TYPES = { f: 1, i: 2, s: 3, floats: 6, ints: 7 } as const;

export interface OnnxAttribute {
	readonly name: string;
	readonly f?: number;
	readonly i?: number;
	readonly s?: Uint8Array;
	readonly ints?: readonly number[];
}

export interface OnnxNode {
	readonly input: readonly string[];
	readonly output: readonly string[];
	readonly name: string;
	readonly opType: string;
	readonly attribute: readonly OnnxAttribute[];
}

export interface OnnxTensor {
	readonly name: string;
	readonly dims: readonly number[];
	readonly values: Float32Array;
}

export interface OnnxGraph {
	readonly nodes: readonly OnnxNode[];
	readonly initializers: readonly OnnxTensor[];
	readonly input: { readonly name: string; readonly shape: readonly number[] };
	readonly outputs: readonly string[];
}

const { root } = protobuf.parse(SOURCE);

/** A model of operator set 13. */
export function encodeModel({ nodes, initializers, input, outputs }: OnnxGraph): Uint8Array {
	const valueInfo = (name: string, shape?: readonly number[]) => ({
		name,
		type: {
			tensorType: {
				elemType: FLOAT,
				...(shape ? { shape: { dim: shape.map((size) => ({ dimValue: size })) } } : {}),
			},
		},
	});
	const model = root.lookupType('Model');
	return model
		.encode(
			model.fromObject({
				irVersion: 8,
				producerName: 'whittle bench',
				opsetImport: [{ domain: '', version: 13 }],
				graph: {
					name: 'bench',
					node: nodes.map((node) => ({ ...node, attribute: node.attribute.map(typed) })),
					initializer: initializers.map(({ name, dims, values }) => ({
						name,
						dims,
						dataType: FLOAT,
						rawData: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
					})),
					input: [valueInfo(input.name, input.shape)],
					output: outputs.map((output) => valueInfo(output)),
				},
			}),
		)
		.finish();
}

function typed(attribute: OnnxAttribute) {
	const kind = (Object.keys(TYPES) as (keyof typeof TYPES)[]).find((key) => key in attribute);
	return { ...attribute, type: kind ? TYPES[kind] : 0 };
}
