namespace Aspire.Hosting;

/// <summary>A fault in the description of the application, or in its start.</summary>
public class DistributedApplicationException : Exception
{
    /// <summary>A fault without words.</summary>
    public DistributedApplicationException()
    {
    }

    /// <summary>A fault.</summary>
    /// <param name="message">What is wrong, and what to do about it.</param>
    public DistributedApplicationException(string message)
        : base(message)
    {
    }

    /// <summary>A fault and what caused it.</summary>
    /// <param name="message">What is wrong, and what to do about it.</param>
    /// <param name="inner">The cause.</param>
    public DistributedApplicationException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
