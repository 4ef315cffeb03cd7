using System.Globalization;
using System.Text;

namespace ConfigClients.Conformance.Faults;

/// <summary>Follows the HTTP/1.1 requests on one connection, to know when one has been sent completely.</summary>
/// <remarks>Understands <c>Content-Length</c> and chunked bodies; whatever is not HTTP it ignores from then on. Used by one pump.</remarks>
internal sealed class HttpRequestScanner
{
    private const int LongestHead = 64 * 1024;

    private readonly StringBuilder _line = new();
    private string _requestLine = "";
    private State _state = State.Head;
    private long _left;
    private bool _chunked;
    private int _headBytes;

    private enum State
    {
        Head,
        Body,
        ChunkSize,
        Chunk,
        ChunkEnd,
        Trailer,
        NotHttp,
    }

    /// <summary>Takes the next bytes; calls <paramref name="onComplete"/> with the request line of each request that ends in them.</summary>
    public void Scan(ReadOnlySpan<byte> bytes, Action<string> onComplete)
    {
        while (bytes.Length > 0 && _state is not State.NotHttp)
        {
            int taken = _state is State.Body or State.Chunk ? SkipBody(bytes.Length, onComplete) : ReadLine(bytes, onComplete);
            bytes = bytes[taken..];
        }
    }

    private int SkipBody(int available, Action<string> onComplete)
    {
        int taken = (int)Math.Min(available, _left);
        _left -= taken;
        if (_left == 0)
        {
            if (_state is State.Body)
            {
                Complete(onComplete);
            }
            else
            {
                _state = State.ChunkEnd;
            }
        }

        return taken;
    }

    private int ReadLine(ReadOnlySpan<byte> bytes, Action<string> onComplete)
    {
        int end = bytes.IndexOf((byte)'\n');
        int taken = end < 0 ? bytes.Length : end + 1;
        _line.Append(Encoding.Latin1.GetString(bytes[..taken]));
        _headBytes += taken;
        if (_headBytes > LongestHead)
        {
            _state = State.NotHttp;
        }
        else if (end >= 0)
        {
            string line = _line.ToString().TrimEnd('\r', '\n');
            _line.Clear();
            TakeLine(line, onComplete);
        }

        return taken;
    }

    private void TakeLine(string line, Action<string> onComplete)
    {
        switch (_state)
        {
            case State.Head when line.Length == 0 && _requestLine.Length == 0:
                break;
            case State.Head when line.Length == 0:
                EndHead(onComplete);
                break;
            case State.Head:
                TakeHeadLine(line);
                break;
            case State.ChunkSize:
                _state = !long.TryParse(line.Split(';')[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out _left) ? State.NotHttp
                    : _left == 0 ? State.Trailer
                    : State.Chunk;
                break;
            case State.ChunkEnd:
                _state = State.ChunkSize;
                break;
            case State.Trailer when line.Length == 0:
                Complete(onComplete);
                break;
        }
    }

    private void TakeHeadLine(string line)
    {
        if (_requestLine.Length == 0)
        {
            _requestLine = line;
            _state = line.EndsWith(" HTTP/1.1", StringComparison.Ordinal) ? State.Head : State.NotHttp;
        }
        else if (line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase))
        {
            bool isNumber = long.TryParse(line.AsSpan("Content-Length:".Length), CultureInfo.InvariantCulture, out _left);
            _state = isNumber ? State.Head : State.NotHttp;
        }
        else if (line.StartsWith("Transfer-Encoding:", StringComparison.OrdinalIgnoreCase))
        {
            _chunked = line.Contains("chunked", StringComparison.OrdinalIgnoreCase);
        }
    }

    private void EndHead(Action<string> onComplete)
    {
        _headBytes = 0;
        if (_chunked)
        {
            _state = State.ChunkSize;
        }
        else if (_left > 0)
        {
            _state = State.Body;
        }
        else
        {
            Complete(onComplete);
        }
    }

    private void Complete(Action<string> onComplete)
    {
        string requestLine = _requestLine;
        _requestLine = "";
        _chunked = false;
        _left = 0;
        _headBytes = 0;
        _state = State.Head;
        onComplete(requestLine);
    }
}
