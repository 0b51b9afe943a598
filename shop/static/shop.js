// Comfort only; every page works without it.
"use strict";

document.querySelectorAll("input[data-card]").forEach((field) => {
	field.addEventListener("input", () => {
		const digits = field.value.replace(/\D/g, "").slice(0, 19);
		field.value = digits.replace(/(\d{4})(?=\d)/g, "$1 ");
	});
});
