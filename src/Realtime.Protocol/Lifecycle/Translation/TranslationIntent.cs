namespace Realtime.Protocol.Lifecycle;

/// <summary>What the application wants of a translation. Built by the named factories, given to <see cref="TranslationMachine.Submit"/>. An intent can be written: what has no form on the wire is refused by its factory.</summary>
public readonly struct TranslationIntent
{
    internal TranslationIntentKind Kind { get; private init; }

    internal Events.Translation.SessionChanges? Changes { get; private init; }

    /// <summary>Changes the translation. The result's handle ends with <see cref="SessionChange.OperationCompleted"/> or <see cref="SessionChange.OperationFailed"/>.</summary>
    /// <param name="changes">Copied, and handed on in <see cref="SessionCommand.UpdateTranslation"/>.</param>
    /// <exception cref="ArgumentException">A member cannot be written; the message names it.</exception>
    public static TranslationIntent Configure(Events.Translation.SessionChanges changes) =>
        new() { Kind = TranslationIntentKind.Configure, Changes = Measured.Copy(changes, nameof(changes)) };

    /// <summary>Says that more of the speaker's audio was handed to the connection. Refused with SE-10 after <see cref="Close"/>.</summary>
    public static TranslationIntent AudioAppended() => new() { Kind = TranslationIntentKind.AudioAppended };

    /// <summary>
    /// Ends the translation in good order (SE-10): nothing more goes in, and the result's handle is completed when the server has sent what was left. Asking again gives the same handle.
    /// </summary>
    public static TranslationIntent Close() => new() { Kind = TranslationIntentKind.Close };
}

/// <summary>Which want it is.</summary>
internal enum TranslationIntentKind
{
    AudioAppended = 0,
    Configure,
    Close,
}
