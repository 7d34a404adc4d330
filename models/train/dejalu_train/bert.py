"""A BERT encoder for inference: enough of it to run the teachers on two CPU cores, or on a GPU where there is one.

Written out rather than taken from a library because two things make teaching
on a CPU half as long again: linear layers see real tokens only (padding is
dropped), and the linear layers that tolerate it run in 8-bit integers. On a
GPU the same linear layers run in bfloat16.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
import torch.nn.functional as F
from torch import Tensor, nn

class _Layer(nn.Module):
    def __init__(self, weights: Mapping[str, Tensor], prefix: str, epsilon: float) -> None:
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
        self.attended_norm = read_norm(weights, f"{prefix}attention.output.LayerNorm", epsilon)
        self.norm = read_norm(weights, f"{prefix}output.LayerNorm", epsilon)


def read_norm(weights: Mapping[str, Tensor], prefix: str, epsilon: float) -> nn.LayerNorm:
    """Returns a layer norm in float32."""
    out = nn.LayerNorm(len(weights[f"{prefix}.weight"]), epsilon)
    out.weight.data, out.bias.data = weights[f"{prefix}.weight"].float(), weights[f"{prefix}.bias"].float()
    return out


class Bert(nn.Module):
    """An encoder with learned positions, post-layer-norm and GELU, in float32.

    `weights` carries the names of a Hugging Face `BertModel` state.
    """

    words: Tensor
    positions: Tensor

    def __init__(self, weights: Mapping[str, Tensor], layers: int, heads: int, norm_epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        types = weights["embeddings.token_type_embeddings.weight"].float()
        positions = weights["embeddings.position_embeddings.weight"].float() + types[0]
        self.register_buffer("words", weights["embeddings.word_embeddings.weight"].float())
        self.register_buffer("positions", positions)
        self.input_norm = read_norm(weights, "embeddings.LayerNorm", norm_epsilon)
        self.layers = nn.ModuleList(
            _Layer(weights, f"encoder.layer.{number}.", norm_epsilon) for number in range(layers)
        )

    @property
    def hidden(self) -> int:
        """The size of a token's state."""
        return self.words.shape[1]

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.words.device

    @torch.inference_mode()
    def forward(self, ids: Tensor, lengths: Tensor) -> Tensor:
        """Returns the last states [tokens, hidden] of the real tokens of `ids` [texts, longest], text by text."""
        texts, longest = ids.shape
        real = torch.arange(longest, device=ids.device) < lengths[:, None]
        kept = real.reshape(-1).nonzero().squeeze(1)
        states = self.input_norm(self.words[ids] + self.positions[:longest]).reshape(-1, self.hidden)[kept]
        with torch.autocast(ids.device.type, torch.bfloat16, enabled=ids.device.type == "cuda"):
            for layer in self.layers:
                joined = layer.qkv(states)
                padded = joined.new_zeros(texts * longest, 3 * self.hidden)
                padded[kept] = joined
                query, key, value = padded.view(texts, longest, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
                mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=real[:, None, None])
                mixed = mixed.transpose(1, 2).reshape(-1, self.hidden)[kept]
                states = layer.attended_norm(states + layer.attended(mixed))
                states = layer.norm(states + layer.contract(F.gelu(layer.expand(states))))
        return states.float()


def prepare(model: Bert, device: torch.device, integer_parts: Sequence[str]) -> Bert:
    """Returns `model` on its device; on a CPU with the named linear layers in 8 bits, a scale an output.

    `contract` costs multilingual-e5-small .05 of cosine after centring and is
    left alone there; the other three cost .02.
    """
    if device.type != "cpu" or not integer_parts:
        return model.to(device)
    quantization = torch.ao.quantization
    torch.backends.quantized.engine = "onednn"
    spec = {
        f"layers.{number}.{part}": quantization.per_channel_dynamic_qconfig
        for number in range(len(model.layers))
        for part in integer_parts
    }
    return quantization.quantize_dynamic(model, spec)
