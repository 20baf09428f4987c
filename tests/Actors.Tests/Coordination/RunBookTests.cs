using Intellect3.Actors.Administration;
using Intellect3.Actors.Coordination;

namespace Intellect3.Actors.Tests.Coordination;

public sealed class RunBookTests
{
    [Fact]
    public void One_run_is_active_at_a_time()
    {
        var book = new RunBook([]);
        book.Begin("first", "1", "/runs/first");

        Assert.Equal("first", book.Active?.Name);
        Assert.Contains("first", Assert.Throws<InvalidOperationException>(() => book.Begin("second", "2", "/runs/second")).Message, StringComparison.Ordinal);
        Assert.True(book.End("1", RunStage.Stopped));
        Assert.False(book.End("1", RunStage.Failed));
        Assert.Null(book.Active);
        Assert.Equal(RunStage.Stopped, Assert.Single(book.Entries).Ended);
    }

    [Fact]
    public void A_run_that_is_taken_up_again_stands_in_the_list_once_as_the_last()
    {
        var book = new RunBook([new RunEntry("a", "1", "/runs/a", RunStage.Stopped), new RunEntry("b", "2", "/runs/b", RunStage.Finished)]);

        book.Begin("a", "3", "/runs/a");

        Assert.Equal(["b", "a"], book.Entries.Select(e => e.Name));
        Assert.Equal("3", book.Active?.Instance);
    }

    [Fact]
    public void The_book_survives_the_process_and_a_damaged_one_says_what_to_do()
    {
        var directory = Directory.CreateTempSubdirectory("intellect3-book-").FullName;
        try
        {
            Assert.Empty(RunBookFile.Read(directory).Entries);
            var book = new RunBook([new RunEntry("a", "1", "/runs/a", RunStage.Stopped)]);
            book.Begin("b", "2", "/runs/b");
            RunBookFile.Write(directory, book);

            Assert.Equal(book.Entries, RunBookFile.Read(directory).Entries);

            File.WriteAllText(Path.Combine(directory, RunBookFile.Name), "[{");
            Assert.Contains("Move it away", Assert.Throws<InvalidDataException>(() => RunBookFile.Read(directory)).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
