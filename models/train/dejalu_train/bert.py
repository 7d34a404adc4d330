"""A BERT encoder for inference: enough of it to run the teachers on two CPU cores.

Written out rather than taken from a library because two things make teaching
half as long again: linear layers see real tokens only (padding is dropped),
and the linear layers that tolerate it run in 8-bit integers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

NORM = tuple[Tensor, Tensor]


class _Layer(nn.Module):
    def __init__(self, weights: Mapping[str, Tensor], prefix: str) -> None:
        super().__init__()

        def linear(*names: str) -> nn.Linear:
            weight = torch.cat([weights[f"{prefix}{name}.weight"] for name in names]).float()
            out = nn.Linear(weight.shape[1], weight.shape[0])
            out.weight.data = weight.contiguous()
            out.bias.data = torch.cat([weights[f"{prefix}{name}.bias"] for name in names]).float()
            return out

        self.qkv = linear("attention.self.query", "attention.self.key", "attention.self.value")
        self.attended = linear("attention.output.dense")
        self.expand = linear("intermediate.dense")
        self.contract = linear("output.dense")
        self.norms: tuple[NORM, NORM] = (
            read_norm(weights, f"{prefix}attention.output.LayerNorm"),
            read_norm(weights, f"{prefix}output.LayerNorm"),
        )


def read_norm(weights: Mapping[str, Tensor], prefix: str) -> NORM:
    """Returns a layer norm's weight and bias in float32."""
    return weights[f"{prefix}.weight"].float(), weights[f"{prefix}.bias"].float()


class Bert(nn.Module):
    """An encoder with learned positions, post-layer-norm and GELU, in float32.

    `weights` carries the names of a Hugging Face `BertModel` state.
    """

    def __init__(self, weights: Mapping[str, Tensor], layers: int, heads: int, norm_epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.epsilon = norm_epsilon
        self.words = weights["embeddings.word_embeddings.weight"].float()
        types = weights["embeddings.token_type_embeddings.weight"].float()
        self.positions = weights["embeddings.position_embeddings.weight"].float() + types[0]
        self.input_norm = read_norm(weights, "embeddings.LayerNorm")
        self.layers = nn.ModuleList(_Layer(weights, f"encoder.layer.{number}.") for number in range(layers))

    @property
    def hidden(self) -> int:
        """The size of a token's state."""
        return self.words.shape[1]

    def _norm(self, states: Tensor, norm: NORM) -> Tensor:
        return F.layer_norm(states, (self.hidden,), norm[0], norm[1], self.epsilon)

    @torch.inference_mode()
    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """Returns the last states [tokens, hidden] of the real tokens of `ids` [texts, longest], text by text."""
        texts, longest = ids.shape
        real = (torch.arange(longest) < lengths[:, None]).reshape(-1)
        kept = real.nonzero().squeeze(1)
        bias = torch.zeros(texts, 1, 1, longest).masked_fill(~real.view(texts, 1, 1, longest), -1e9)
        states = self._norm(self.words[ids] + self.positions[:longest], self.input_norm).reshape(-1, self.hidden)[kept]
        for layer in self.layers:
            padded = torch.zeros(texts * longest, 3 * self.hidden)
            padded[kept] = layer.qkv(states)
            query, key, value = padded.view(texts, longest, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
            mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=bias)
            mixed = mixed.transpose(1, 2).reshape(-1, self.hidden)[kept]
            states = self._norm(states + layer.attended(mixed), layer.norms[0])
            states = self._norm(states + layer.contract(F.gelu(layer.expand(states))), layer.norms[1])
        return states


def use_integers(model: Bert, parts: Sequence[str]) -> Bert:
    """Returns `model` with the named linear layers in 8 bits, a scale an output.

    `contract` costs multilingual-e5-small .05 of cosine after centring and is
    left alone there; the other three cost .02.
    """
    quantization = torch.ao.quantization
    torch.backends.quantized.engine = "onednn"
    spec = {
        f"layers.{number}.{part}": quantization.per_channel_dynamic_qconfig
        for number in range(len(model.layers))
        for part in parts
    }
    return quantization.quantize_dynamic(model, spec)
