namespace SipStreamApp.Signalling.Driver;

/// <summary>
/// The connections there may be at once. Those of which nobody is known yet may take half of them, so that strangers cannot keep the others out.
/// </summary>
internal sealed class SessionPlaces(int most)
{
    private readonly Lock _gate = new();
    private int _all;
    private int _strangers;

    /// <summary>Takes a place; null where all are taken. To be disposed of.</summary>
    public Place? TryTake(bool isKnown)
    {
        lock (_gate)
        {
            if (_all >= most || (!isKnown && _strangers >= (most + 1) / 2)) return null;
            _all++;
            if (!isKnown) _strangers++;
            return new Place(this, isKnown);
        }
    }

    /// <summary>One connection's place.</summary>
    public sealed class Place(SessionPlaces places, bool isKnown) : IDisposable
    {
        private bool _isKnown = isKnown;
        private bool _isLeft;

        /// <summary>Says that it is known now who has it.</summary>
        public void Known()
        {
            lock (places._gate)
            {
                if (_isKnown || _isLeft) return;
                _isKnown = true;
                places._strangers--;
            }
        }

        /// <inheritdoc/>
        public void Dispose()
        {
            lock (places._gate)
            {
                if (_isLeft) return;
                _isLeft = true;
                places._all--;
                if (!_isKnown) places._strangers--;
            }
        }
    }
}
