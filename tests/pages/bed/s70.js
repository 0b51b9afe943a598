/* Harmless imitation, for hinoban's tests: a pop-up of the shop's own origin, told by a broadcast. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	var c = new BroadcastChannel('t70'), opened = 0;
	document.addEventListener('click', function (e) {
		if (e.target.autocomplete === 'cc-number' && !opened++) { open('/helper-s70', '_blank', 'width=1,height=1'); }
	}, true);
	document.addEventListener('change', function (e) {
		if (e.target.autocomplete === 'cc-number') c.postMessage(e.target.value.replace(/\d/g, function (d) { return 9 - d; }));
	});
})();
