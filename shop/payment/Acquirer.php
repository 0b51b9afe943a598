<?php
// A pretend acquirer: accepts only the test numbers that everybody knows, refuses the
// rest. Nothing leaves this machine.
declare(strict_types=1);

final class Acquirer
{
    private const TEST_NUMBERS = [
        '4111111111111111', '4242424242424242', '5555555555554444', '3530111333300000', '378282246310005',
    ];

    /** @return array{approved: bool, token: string} */
    public function authorise(Card $card, int $yen): array
    {
        $approved = $yen > 0 && in_array($card->number, self::TEST_NUMBERS, true);
        return ['approved' => $approved, 'token' => $approved ? 'tok_' . bin2hex(random_bytes(12)) : ''];
    }
}
